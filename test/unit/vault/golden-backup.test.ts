import { readFileSync } from 'node:fs';
import { argon2id } from 'hash-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { copy, equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { WalletError } from '../../../lib/errors.ts';
import { checkBackup } from '../../../lib/vault/check-backup.ts';
import { openCarried, type CertificateReader, type OpenHead } from '../../../lib/vault/carried.ts';
import { readHead, type VaultHead } from '../../../lib/vault/head.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { carriedBy, readBackup } from '../../../lib/vault/read-backup.ts';
import { readRecoveryCode } from '../../../lib/vault/recovery-code.ts';
import { compareWithHere, restoreItems } from '../../../lib/vault/restore.ts';
import { openSettings } from '../../../lib/vault/settings-record.ts';
import type { StoredRecord, VaultStore } from '../../../lib/vault/store.ts';
import { openWithPasskey, openWithPassword, openWithRecoveryCode, type OpenSlot } from '../../../lib/vault/unlock.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { APP, freshStore, item, makeWallet, newId, NOW, random, reread, save } from './support.ts';

interface Golden {
  readonly password: string;
  readonly backupPassword: string;
  readonly recoveryCode: string;
  /** The first files have no such slot. */
  readonly passkey?: { readonly sid: string; readonly outputs: string };
  readonly head: string;
  readonly records: readonly StoredRecord[];
  readonly marker: string;
  readonly mark: string;
  readonly expected: {
    readonly vid: string;
    readonly gen: number;
    readonly items: readonly {
      readonly id: string;
      readonly meta: object;
      readonly deleted: number | null;
      readonly na: number | null;
      readonly certificates: Readonly<Partial<Record<'sign' | 'km', string>>>;
      readonly keys: Readonly<Partial<Record<'sign' | 'km', string>>>;
      readonly chain: readonly string[];
    }[];
    readonly settings: { readonly sites: readonly object[] };
    readonly history: readonly object[];
  };
}

/** What a file says of settings that came after it: nothing was chosen. */
function sinceThen(settings: Golden['expected']['settings']): object {
  const sites = settings.sites.map((site) => ({ preset: null, blocked: false, ...site }));
  return { historyDays: 730, guides: [], revocation: { daily: false, renewal: false }, ...settings, sites };
}

/** Releases whose files must open for ever. Each new release adds its own. */
const RELEASES = ['0.1.0', '0.1.0+passkey'] as const;
const SPKI_SIZE = 32;

const read = (name: string): Bytes => copy(readFileSync(new URL(`../../fixtures/vault/${name}`, import.meta.url)));

const argon2: PasswordKdf = async ({ m, t, p, salt }, password) =>
  new Uint8Array(await argon2id({ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'binary' }));

describe.each(RELEASES)('G1: what version %s wrote', (release) => {
  const golden = JSON.parse(Buffer.from(read(`golden-full-${release}.json`)).toString()) as Golden;
  const { expected } = golden;
  const wanted = new Map(
    expected.items.flatMap(({ certificates, keys }) => (['sign', 'km'] as const).map((role) => [certificates[role], keys[role]])),
  );

  /** Proves a key by being the one that was sealed. */
  const reader: CertificateReader = {
    spkiOf: (certificate) => certificate.slice(0, SPKI_SIZE),
    endOf: () => 1_800_000_000,
    prove: (certificate, privateKeyInfo) =>
      equal(privateKeyInfo, fromBase64(wanted.get(toBase64(certificate)) ?? ''))
        ? Promise.resolve()
        : Promise.reject(new WalletError('file.pair-mismatch')),
  };
  const byPassword =
    (password: string): OpenHead =>
    (head) =>
      openWithPassword(head, passwordBytes(password), argon2);
  const byCode: OpenHead = async (head) => openWithRecoveryCode(head, await readRecoveryCode(golden.recoveryCode));

  let head: VaultHead;
  let keys: OpenSlot;
  let store: VaultStore;

  beforeAll(async () => {
    head = await readHead(golden.head);
    keys = await openWithPassword(head, passwordBytes(golden.password), argon2);
    store = freshStore();
    await store.commit({ base: null, gen: expected.gen, records: golden.records, head: golden.head, marker: golden.marker, mark: golden.mark });
  });

  test('the wallet opens with its password and shows every item, the deleted one too', async () => {
    expect(await reread(store)).toEqual(head);
    const { items, damaged } = await openItems(store, head, keys.listKey);
    const text = (octets: Bytes | null): string | undefined => (octets ? toBase64(octets) : undefined);
    const shown = items.map(({ id, meta, deleted, signCertificate, kmCertificate, chain }) => {
      return { id, meta, deleted, sign: text(signCertificate), km: text(kmCertificate), chain: chain.map(text) };
    });
    expect(shown).toEqual(
      expected.items.map(({ id, meta, deleted, certificates, chain }) => ({
        id,
        meta,
        deleted,
        sign: certificates.sign,
        km: certificates.km,
        chain,
      })),
    );
    expect(damaged).toEqual([]);
    const ends = new Map(head.items.map(({ id, na }) => [id, na ?? null]));
    for (const { id, na } of expected.items) expect(ends.get(id)).toBe(na);
  });

  test('the recovery code gives the same keys', async () => {
    expect(await byCode(head)).toEqual(keys);
  });

  test('the outputs of its passkeys give the same keys, and the passkeys have their names', async () => {
    const known = golden.passkey ? [golden.passkey] : [];
    const sids = known.map(({ sid }) => sid);
    expect(head.slots.filter(({ kind }) => kind === 'prf').map(({ sid }) => sid)).toEqual(sids);
    for (const { sid, outputs } of known) expect(await openWithPasskey(head, fromBase64(outputs), sid)).toEqual(keys);
    expect((await openSettings(store, head, keys.listKey)).passkeys.map(({ sid }) => sid)).toEqual(sids);
  });

  test('the settings are what they were', async () => {
    expect(await openSettings(store, head, keys.listKey)).toEqual(sinceThen(expected.settings));
  });

  test.each<[string, string, OpenHead]>([
    ['its password of that day', `golden-backup-${release}.djw`, byPassword(golden.password)],
    ['its recovery code of that day', `golden-backup-${release}.djw`, byCode],
    ['a password of its own', `golden-backup-password-${release}.djw`, byPassword(golden.backupPassword)],
  ])('a backup opens with %s down to every private key', async (_, name, open) => {
    const file = await readBackup(read(name));
    const checked = await checkBackup(file, open, reader);
    expect(checked).toMatchObject({ state: 'complete', gen: expected.gen, app: release, listed: 3, opened: 3, keys: 4, bad: [] });
    expect(file.start.vid).toBe(expected.vid);
  });

  test('a backup comes back into a wallet of today', async () => {
    const from = await openCarried(carriedBy(await readBackup(read(`golden-backup-${release}.djw`))), byPassword(golden.password));
    expect([from.settings, from.history.flat()]).toEqual([sinceThen(expected.settings), expected.history]);
    const wallet = await makeWallet();
    const rows = await compareWithHere(from, { vid: wallet.head.vid, items: [] });
    const base = { ...wallet, keys: wallet, now: NOW, app: APP, random, reader };
    const restored = await restoreItems({ ...base, from, chosen: rows.map((row) => row.item.id) });
    expect([restored.count, restored.refused]).toEqual([3, []]);
  });

  test('the wallet can be saved to', async () => {
    const next = await save({ store, head, ...keys }, [item(newId())]);
    expect([next.gen, next.items.length]).toEqual([expected.gen + 1, head.items.length + 1]);
  });
});
