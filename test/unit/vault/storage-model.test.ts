import { IDBFactory } from 'fake-indexeddb';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { errorCode } from '../../../lib/errors.ts';
import { twoCopies, type Copies } from '../../../lib/vault/copies.ts';
import type { VaultHead } from '../../../lib/vault/head.ts';
import { changeSecrets } from '../../../lib/vault/change-secrets.ts';
import { headsToOpen } from '../../../lib/vault/heads-to-open.ts';
import { openFromCopies } from '../../../lib/vault/open-copies.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { recoverFrom } from '../../../lib/vault/recover.ts';
import { settle } from '../../../lib/vault/repair.ts';
import type { NewItem } from '../../../lib/vault/save.ts';
import { readStartUp, reportCopies } from '../../../lib/vault/startup.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import {
  copiesOf,
  deadFactory,
  enginesOf,
  M,
  profile,
  restored,
  silentFactory,
  snapshot,
  tamper,
  watched,
  type Profile,
  type Snapshot,
} from './places.ts';
import { APP, codeOf, fastKdf, item, makeWallet, newId, NOW, parts, PASSWORD, random, save, unlock, withFields, type Wallet } from './support.ts';

const NEW = '새 것';

/** Nothing in it is sealed under the signing key, so that a change of the password need not open what is no key. */
const sealless = (id: string, changes: Partial<NewItem> = {}): NewItem => item(id, { sealedSignKey: null, ...changes });

/** A wallet of generation 3 with three certificates, in both places. */
async function begin(own: Profile): Promise<{ wallet: Wallet; ids: readonly string[] }> {
  const ids = [newId(), newId(), newId()];
  const made = await makeWallet(copiesOf(own));
  const second = await save(made, [sealless(ids[0] ?? ''), sealless(ids[1] ?? '')]);
  const head = await save({ ...made, head: second }, [sealless(ids[2] ?? '')]);
  return { wallet: { ...made, head }, ids };
}

type Operation = (wallet: Wallet, ids: readonly string[]) => Promise<unknown>;

const LATER_PASSWORD = '새 지갑 암호 셋 넷';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'a save': (wallet) => save(wallet, [sealless(newId(), { meta: { label: NEW } })]),
  'a save of everything anew': (wallet, ids) =>
    save(
      wallet,
      ids.map((id) => sealless(id, { meta: { label: NEW } })),
    ),
  'a password change': ({ store }) =>
    changeSecrets({
      store,
      current: { kind: 'pw', password: passwordBytes(PASSWORD) },
      password: passwordBytes(LATER_PASSWORD),
      passkeys: new Map(),
      kdf: fastKdf,
      random,
      now: NOW,
      app: APP,
      spkiOf: (certificate) => certificate,
      twoVerified: () => Promise.resolve(false),
    }),
};

const flip = (text: unknown, at = 40): string =>
  typeof text === 'string' ? text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1) : '';
const genOf = (text: unknown): number => Number(parts(String(text)).fields['gen']);

function newestHeadKey({ area }: Profile): string {
  const keys = ['djw1.h0', 'djw1.h1'].filter((key) => area.values.has(key));
  return keys.sort((a, b) => genOf(area.values.get(b)) - genOf(area.values.get(a)))[0] ?? 'djw1.h0';
}

const recordKeys = ({ area }: Profile): readonly string[] => [...area.values.keys()].filter((key) => key.startsWith('djw1.r.'));

const onHead =
  (change: (text: string) => string | null) =>
  (own: Profile): Promise<void> =>
    tamper(own.factory, (stores) => {
      const heads = stores('head');
      heads.openCursor(null, 'prev').onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
        const text = cursor && change(String(cursor.value));
        if (text === null) cursor?.delete();
        else cursor?.update(text);
      };
    });

const onRecords =
  (change: (text: string) => string | null) =>
  (own: Profile): Promise<void> =>
    tamper(own.factory, (stores) => {
      stores('rec').openCursor().onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
        if (!cursor) return;
        const text = change(String(cursor.value));
        if (text === null) cursor.delete();
        else cursor.update(text);
        cursor.continue();
      };
    });

const weaker = (text: string): string => {
  const [slot] = parts(text).fields['slots'] as string[];
  return withFields(text, { slots: [withFields(slot ?? '', { kdf: { a: 'argon2id', m: 8, t: 1, p: 1 } })] });
};
const salted = (text: string): string => {
  const [slot] = parts(text).fields['slots'] as string[];
  return withFields(text, { slots: [withFields(slot ?? '', { salt: Buffer.alloc(32, 7).toString('base64url') })] });
};

interface Damage {
  readonly spoil: (own: Profile) => Promise<void> | void;
  /** The place does not work afterwards, so that only one copy is left. */
  readonly dead?: true;
}

/** What was seen to happen to the browser's files, and what somebody who writes them can do; each to one place alone. */
const DAMAGE: Readonly<Record<string, Damage>> = {
  nothing: { spoil: () => undefined },
  'the database gone': { spoil: (own) => void (own.factory = new IDBFactory()) },
  'the database dead': { spoil: (own) => void (own.factory = deadFactory()), dead: true },
  'the database silent': { spoil: (own) => void (own.factory = silentFactory()), dead: true },
  'its newest head gone': { spoil: onHead(() => null) },
  'an octet of its newest head flipped': { spoil: onHead((text) => flip(text)) },
  'its records gone': { spoil: onRecords(() => null) },
  'an octet of each of its records flipped': { spoil: onRecords((text) => flip(text, text.length - 40)) },
  'its marker gone': { spoil: (own) => tamper(own.factory, (stores) => stores('meta').clear()) },
  'its password slot weakened under a new checksum': { spoil: onHead(weaker) },
  'its salt changed under new checksums': { spoil: onHead(salted) },
  'local storage empty': { spoil: ({ area }) => area.values.clear() },
  'local storage dead': { spoil: ({ area }) => void (area.faults.dead = 'IO error'), dead: true },
  'local storage silent': { spoil: ({ area }) => void (area.faults.silent = true), dead: true },
  'local storage repaired, its newest head gone': {
    spoil: (own) => {
      own.area.values.delete(newestHeadKey(own));
      own.area.faults.failsOnce = true;
    },
  },
  'local storage without bulk reads': { spoil: ({ area }) => void (area.faults.noBulk = true) },
  'one key of local storage unreadable': { spoil: (own) => void own.area.faults.unreadable.add(newestHeadKey(own)) },
  'records gone from local storage': { spoil: (own) => recordKeys(own).forEach((key) => own.area.values.delete(key)) },
  'an octet flipped in local storage': { spoil: ({ area }) => area.values.forEach((text, key) => area.values.set(key, flip(text))) },
  'a forged generation in local storage': {
    spoil: (own) => void own.area.values.set('djw1.h1', withFields(String(own.area.values.get(newestHeadKey(own))), { gen: 9_999 })),
  },
  'noise of 30 million characters in local storage': {
    spoil: ({ area }) => area.values.forEach((_, key) => area.values.set(key, 'x'.repeat(30_000_000))),
  },
  'the marker of local storage gone': { spoil: ({ area }) => void area.values.delete(M) },
};

/** What lies in both places before each call of an engine, in turn, and after the last: wherever the context may die. */
async function statesOf(operation: Operation): Promise<readonly Snapshot[]> {
  const own = profile();
  const { wallet, ids } = await begin(own);
  const states: Snapshot[] = [];
  let looking: Promise<void> = Promise.resolve();
  const look = (): Promise<void> => (looking = looking.then(async () => void states.push(await snapshot(own))));
  const { primary, mirror } = enginesOf(own);
  await operation({ ...wallet, store: twoCopies(watched(primary, look), watched(mirror, look)) }, ids);
  await look();
  return states;
}

interface Opened {
  readonly via: 'opened' | 'recovered';
  readonly password: string;
  readonly head: VaultHead;
  readonly listKey: Bytes;
}

interface Outcome extends Pick<Opened, 'via' | 'password'> {
  readonly labels: readonly unknown[];
  readonly damaged: number;
  readonly verified: boolean;
}

/** The recovery screen: the newest whole state that a password of the owner's opens. */
async function recover(copies: Copies): Promise<Opened> {
  const { primary, mirror } = await reportCopies(copies);
  const whole = [...primary.heads, ...mirror.heads].filter(({ missing, foreign }) => missing === 0 && !foreign);
  for (const { head: chosen } of whole.sort((a, b) => b.head.gen - a.head.gen)) {
    for (const password of [LATER_PASSWORD, PASSWORD]) {
      const slot = await unlock(chosen, password).catch(() => null);
      if (!slot) continue;
      const { head } = await recoverFrom({ copies, head: chosen, listKey: slot.listKey, now: NOW, app: APP });
      return { via: 'recovered', password, head, listKey: slot.listKey };
    }
  }
  throw new Error('nothing to recover from');
}

async function open(copies: Copies, password: string): Promise<Opened> {
  const { newest, others } = await headsToOpen(copies);
  const { head, open: slot } = await openFromCopies(newest, others, { kind: 'pw', password: passwordBytes(password) }, fastKdf);
  const request = { copies, vid: head.vid, listKey: slot.listKey, depth: 'records' } as const;
  let settled = await settle(request);
  // Somebody's head of another password beside ours: it is kept until the owner looked at it.
  if (settled.health.mirror.state === 'kept') settled = await settle({ ...request, ownersWord: true });
  return { via: 'opened', password, head: settled.head, listKey: slot.listKey };
}

/** What the owner does: the later password, then the one before, then the recovery screen. */
async function getIn(copies: Copies): Promise<Opened> {
  if ((await readStartUp(copies)).state === 'recovery') return recover(copies);
  for (const password of [LATER_PASSWORD, PASSWORD]) {
    const opened = await open(copies, password).catch((thrown: unknown) => {
      expect(['password.wrong', 'password.former', 'vault.changed']).toContain(errorCode(thrown));
      return null;
    });
    if (opened) return opened;
  }
  return recover(copies);
}

/** What the owner gets to after a restart, with the passwords alone. */
async function afterRestart(own: Profile): Promise<Outcome> {
  const copies = copiesOf(own);
  const { via, password, head, listKey } = await getIn(copies);
  const { items, damaged } = await openItems(copies, head, listKey);
  const labels = items.map(({ meta }) => (meta as { label: unknown }).label).sort();
  const outcome = { via, password, labels, damaged: damaged.length, verified: await copies.twoVerified() };
  // Life goes on: the next save finds its base in the state that was opened, and a second writer is refused.
  const opened = { store: copies, listKey, signingKey: listKey, head };
  await save(opened, [item(newId())]);
  expect(await codeOf(save({ ...opened, store: copiesOf(own) }, [item(newId())]))).toBe('vault.conflict');
  return outcome;
}

/** Which of the two states an outcome is, or neither. */
function stateOf({ labels, password }: Outcome, operation: string): 'old' | 'new' | 'neither' {
  const fresh = labels.filter((label) => label === NEW).length;
  const found = `${labels.length} ${fresh} ${password === LATER_PASSWORD ? 'later' : 'former'}`;
  if (found === '3 0 former') return 'old';
  const whole = operation === 'a save' ? '4 1 former' : operation === 'a save of everything anew' ? '3 3 former' : '3 0 later';
  return found === whole ? 'new' : 'neither';
}

const cases = { count: 0 };

describe('D3: whatever step a save dies at, and whatever then happens to one of the two copies', () => {
  describe.each(Object.entries(OPERATIONS))('%s', (name, operation) => {
    let states: readonly Snapshot[];
    beforeAll(async () => {
      states = await statesOf(operation);
    }, 60_000);

    test.each(Object.entries(DAMAGE))(
      'then %s: the state before or the state after, whole',
      async (_, { spoil, dead }) => {
        const done = JSON.stringify(states.at(-1));
        const seen = new Set<string>();
        for (const [at, state] of states.entries()) {
          cases.count++;
          const lies = JSON.stringify(state);
          if (seen.has(lies)) continue; // Between two reads nothing changes in the places.
          seen.add(lies);
          const own = await restored(state);
          await spoil(own);
          const step = `call ${at + 1} of ${states.length}`;
          expect((await readStartUp(copiesOf(own))).state, step).not.toBe('none');
          expect(['vault.exists', 'vault.unavailable'], step).toContain(await codeOf(makeWallet(copiesOf(own))));
          const outcome = await afterRestart(own);
          const { via, damaged, verified } = outcome;
          expect({ state: stateOf(outcome, name), damaged }, step).toEqual({ state: expect.stringMatching(/^(old|new)$/), damaged: 0 });
          if (lies === done) expect({ state: stateOf(outcome, name), via }, step).toEqual({ state: 'new', via: 'opened' });
          expect(verified, step).toBe(dead !== true);
        }
        expect(seen.size).toBeGreaterThanOrEqual(4);
      },
      60_000,
    );
  });

  test('in at least 432 cases', () => {
    expect(cases.count).toBeGreaterThanOrEqual(432);
  });
});
