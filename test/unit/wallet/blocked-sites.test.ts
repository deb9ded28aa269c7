import { describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { BLOCKED_MAX, BlockedSites } from '../../../lib/wallet/blocked-sites.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { locks } from './support.ts';

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

class OneText {
  text: string | null = null;
  writes = 0;

  read(): Promise<string | null> {
    return Promise.resolve(this.text);
  }

  write(text: string): Promise<void> {
    this.writes++;
    this.text = text;
    return Promise.resolve();
  }
}

const make = (store = new OneText()): { store: OneText; sites: BlockedSites } => ({ store, sites: new BlockedSites(store, locks(), random) });

describe('blocked sites', () => {
  it.each(['https://bank.example:8443', 'http://bank.example', 'https://www.bank.example', 'https://bank.example.', 'https://BANK.example', ''])(
    'C11: blocking https://bank.example says nothing of %j',
    async (other) => {
      const { sites } = make();
      await sites.add('https://bank.example');
      expect([await sites.has('https://bank.example'), await sites.has(other)]).toEqual([true, false]);
    },
  );

  it('are taken back one by one', async () => {
    const { sites } = make();
    await Promise.all(['https://a.example', 'https://b.example'].map((origin) => sites.add(origin)));
    await sites.remove('https://a.example');
    expect([await sites.has('https://a.example'), await sites.has('https://b.example')]).toEqual([false, true]);
  });

  it('are other marks in each profile, and one mark however often they are added', async () => {
    const [one, two] = [make(), make()];
    for (const { sites } of [one, one, two]) await sites.add('https://a.example');
    const mark = ({ store }: typeof one): string | undefined => store.text?.split(' ')[1];
    expect(mark(one)).not.toBe(mark(two));
    expect([one.store.text?.split(' ').length, one.store.writes]).toEqual([2, 1]);
  });

  it('leave the newest where there are too many', async () => {
    const { sites } = make();
    for (let nth = 0; nth <= BLOCKED_MAX; nth++) await sites.add(`https://a${nth}.example`);
    expect(await Promise.all([0, 1, BLOCKED_MAX].map((nth) => sites.has(`https://a${nth}.example`)))).toEqual([false, true, true]);
  });

  it.each(['', 'nonsense', `${'A'.repeat(43)} short`, `${'A'.repeat(43)} ${'!'.repeat(43)}`, Array(302).fill('A'.repeat(43)).join(' ')])(
    'begin anew where %j stands in their place',
    async (text) => {
      const { store, sites } = make();
      store.text = text;
      expect(await sites.has('https://a.example')).toBe(false);
      await sites.add('https://a.example');
      expect(await sites.has('https://a.example')).toBe(true);
    },
  );

  it('block nobody where they cannot be read, and say so where they cannot be kept', async () => {
    const { store, sites } = make();
    await sites.add('https://a.example');
    store.read = () => Promise.reject(new WalletError('vault.unavailable'));
    expect(await sites.has('https://a.example')).toBe(false);
    expect(await codeOf(() => sites.add('https://a.example'))).toBe('vault.unavailable');
  });
});
