/** D23: whatever lies in the sync storage is refused whole or is a copy of its owner's, and the wallet stays as it is. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { PASSWORD, Profile, walletWith } from '../wallet/profile.ts';

const HONEST = ['sync.secret', 'sync.damaged'];

let written: ReadonlyMap<string, unknown>;
let own: readonly string[];

beforeAll(async () => {
  const profile = new Profile();
  const wallet = await walletWith(profile, 'personal-bank-sha1seed', 'business-etax');
  own = (await wallet.rows()).map(({ fingerprint }) => fingerprint).sort();
  await wallet.sync.turnOn(
    (await wallet.rows()).map(({ id }) => id),
    PASSWORD,
  );
  written = new Map(profile.sync.stored);
});

const anyValue = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.json(), fc.constant('0/999:AAAA'), fc.object());

/** Texts of the storage, some of them changed as no writer of ours would. */
function spoilt(): fc.Arbitrary<Map<string, unknown>> {
  const names = [...written.keys()];
  const one = fc.record({
    at: fc.nat(names.length - 1),
    how: fc.constantFrom('drop', 'cut', 'flip', 'swap', 'any', 'rename'),
    value: anyValue,
    place: fc.nat(),
  });
  return fc.array(one, { minLength: 1, maxLength: 4 }).map((steps) => {
    const stored = new Map(written);
    for (const { at, how, value, place } of steps) {
      const name = names[at] ?? '';
      const former = stored.get(name);
      const text = typeof former === 'string' ? former : '';
      const nth = text.length === 0 ? 0 : place % text.length;
      if (how === 'drop') stored.delete(name);
      else if (how === 'cut') stored.set(name, text.slice(0, nth));
      else if (how === 'flip') stored.set(name, `${text.slice(0, nth)}${text[nth] === 'A' ? 'B' : 'A'}${text.slice(nth + 1)}`);
      else if (how === 'swap') stored.set(name, stored.get(names[place % names.length] ?? ''));
      else if (how === 'any') stored.set(name, value);
      else stored.set(name.replace(/\d+$/, String(place)), text);
    }
    return stored;
  });
}

async function tryAll(stored: ReadonlyMap<string, unknown>): Promise<void> {
  const other = new Profile();
  for (const [name, value] of stored) other.sync.stored.set(name, value);
  const wallet = other.wallet();
  for (const { key } of await wallet.sync.copies()) {
    try {
      const session = await wallet.sync.open(key, PASSWORD);
      expect(session.rows.map(({ fingerprint }) => fingerprint).sort()).toEqual(own);
      session.discard();
    } catch (thrown) {
      expect(HONEST).toContain(errorCode(thrown));
    }
  }
  expect(await other.store().evidence()).toBe('none');
}

describe('D23: a hostile sync storage', () => {
  it('as it was written gives the whole copy', () => tryAll(written));

  it('with anything changed gives the whole copy or none', async () => {
    await fc.assert(fc.asyncProperty(spoilt(), tryAll), { numRuns: 200 });
  });

  it('full of other things gives nothing', async () => {
    const names = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'djw1.s.', 'djw1.s.AAAAAAAA.h0.0', 'djw1.s.AAAAAAAA.h1.99'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, anyValue), { maxLength: 30 }), async (entries) => {
        const other = new Profile();
        for (const [name, value] of entries) other.sync.stored.set(name, value);
        expect(await other.wallet().sync.copies()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
