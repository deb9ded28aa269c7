/**
 * Makes the golden files of a release: one wallet with everything this version keeps, and its backup files.
 *
 *   node test/support/golden-vault.ts 0.1.0
 *
 * Run once for a release. Files that are there are never written over: each of them must open for ever.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { argon2id } from 'hash-wasm';
import { toBase64, toBase64Url } from '../../lib/bytes/base64.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { indexedDbStore } from '../../lib/platform/vault-store.ts';
import { createVault } from '../../lib/vault/create.ts';
import { sealHistoryPage, type HistoryEntry } from '../../lib/vault/history-page.ts';
import type { PasswordKdf } from '../../lib/vault/kdf.ts';
import { importSecret } from '../../lib/vault/keys.ts';
import { passwordBytes } from '../../lib/vault/password.ts';
import { saveItems, type NewItem } from '../../lib/vault/save.ts';
import { sealKey, type KeyRole } from '../../lib/vault/sealed-key.ts';
import { saveSettings } from '../../lib/vault/settings-record.ts';
import type { PrivateSettings } from '../../lib/vault/settings-text.ts';
import { enrolPasskey } from '../../lib/vault/touch-passkey.ts';
import { addPasskey, addRecoveryCode, newSlotId } from '../../lib/vault/ways-in.ts';
import { moveToWastebasket } from '../../lib/vault/wastebasket.ts';
import { writeBackup, writeBackupWithPassword } from '../../lib/vault/write-backup.ts';
import { SoftAuthenticator } from '../unit/vault/authenticator.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'vault');
const NOW = 1_764_000_000_000;
const PASSWORD = '도장 둘째 지갑 2025';
const BACKUP_PASSWORD = '백업에만 쓰는 암호 2025';
/** The octets of a certificate that stand for its SubjectPublicKeyInfo in these files. */
const SPKI_SIZE = 32;

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const newId = (): string => toBase64Url(random(16));

const kdf: PasswordKdf = async ({ m, t, p, salt }, password) =>
  new Uint8Array(await argon2id({ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'binary' }));

interface GoldenItem {
  readonly id: string;
  readonly meta: object;
  readonly deleted: number | null;
  readonly na: number | null;
  readonly certificates: Readonly<Partial<Record<KeyRole, Bytes>>>;
  readonly keys: Readonly<Partial<Record<KeyRole, Bytes>>>;
  readonly chain: readonly Bytes[];
}

function goldenItem(label: string, roles: readonly KeyRole[], changes: Partial<GoldenItem> = {}): GoldenItem {
  const each = (size: number): Partial<Record<KeyRole, Bytes>> => Object.fromEntries(roles.map((role) => [role, random(size)]));
  const na = roles.includes('sign') ? 1_800_000_000 : null;
  return {
    id: newId(),
    meta: { importedAt: NOW, label, random: true },
    deleted: null,
    na,
    certificates: each(900),
    keys: each(400),
    chain: [],
    ...changes,
  };
}

async function sealed({ id, certificates, keys }: GoldenItem, role: KeyRole, vid: string, signingKey: Bytes): Promise<Bytes | null> {
  const [certificate, privateKeyInfo] = [certificates[role], keys[role]];
  if (!certificate || !privateKeyInfo) return null;
  return sealKey({ signingKey, vid, id, role, spki: certificate.slice(0, SPKI_SIZE), privateKeyInfo, random });
}

function texts(octets: Readonly<Partial<Record<KeyRole, Bytes>>>): object {
  return Object.fromEntries(Object.entries(octets).map(([role, value]) => [role, toBase64(value)]));
}

const app = process.argv[2] ?? '';
const paths = { wallet: `golden-full-${app}.json`, backup: `golden-backup-${app}.djw`, other: `golden-backup-password-${app}.djw` };
for (const name of Object.values(paths)) if (app === '' || existsSync(join(FOLDER, name))) throw new Error(`${name}: no version, or there already`);

const store = indexedDbStore(new IDBFactory());
const made = await createVault({ store, password: passwordBytes(PASSWORD), kdf, random, now: NOW, app, mark: 'tiger' });
const { vid } = made.head;
const base = { store, listKey: made.listKey, app, random };
const items = [
  goldenItem('은행 인증서', ['sign', 'km'], { chain: [random(700), random(700)] }),
  goldenItem('지난 인증서', ['sign'], { na: null, deleted: 1_764_000_100 }),
  goldenItem('예전 암호화용', ['km']),
];
const put: NewItem[] = [];
for (const item of items) {
  put.push({
    id: item.id,
    na: item.certificates.sign ? 1_800_000_000 : null,
    meta: item.meta,
    signCertificate: item.certificates.sign ?? null,
    kmCertificate: item.certificates.km ?? null,
    chain: item.chain,
    sealedSignKey: await sealed(item, 'sign', vid, made.signingKey),
    sealedKmKey: await sealed(item, 'km', vid, made.signingKey),
  });
}
const entry: HistoryEntry = {
  at: NOW,
  origin: 'https://bank.example',
  purpose: 'sign-in',
  item: items[0]?.id ?? null,
  documents: [{ title: '로그인 확인', size: 128, digest: toBase64Url(random(32)) }],
  released: ['certificate'],
  result: 'done',
};
const page = await sealHistoryPage(await importSecret(made.listKey), made.head, newId(), [entry], random);
const second = await saveItems({ ...base, head: made.head, now: NOW + 50_000, put, remove: [], others: [page] });
const third = await moveToWastebasket({ ...base, head: second, now: NOW + 100_000, ids: [items[1]?.id ?? ''] });
const sid = newSlotId(random);
const settings: PrivateSettings = {
  lockMinutes: 15,
  backup: { rule: 'week', at: NOW, gen: 1 },
  sites: [{ origin: 'https://bank.example', item: items[0]?.id ?? null, preset: null, used: NOW, blocked: false }],
  historyDays: 730,
  passkeys: [{ sid, name: '사무실 노트북' }],
  revocation: { daily: false, renewal: false },
  guides: [],
  sync: { on: false, items: [], last: '', pending: '', at: 0 },
};
const fourth = await saveSettings({ ...base, head: third, now: NOW + 150_000, change: () => settings });
const passkey = await enrolPasskey(fourth, sid, '사무실 노트북', { passkeys: new SoftAuthenticator(), random, clock: () => NOW });
// Taken, as the slot consumes it: later versions open it without the authenticator that is gone.
const passkeyOutputs = toBase64(passkey.outputs);
const fifth = await addPasskey({ ...base, head: fourth, now: NOW + 180_000, signingKey: made.signingKey }, passkey);
const { head, code } = await addRecoveryCode({ ...base, head: fifth, now: NOW + 200_000, signingKey: made.signingKey });
const records = (await store.records(head.items)).map((text, nth) => ({ id: head.items[nth]?.id, g: head.items[nth]?.g, text }));
const written = await writeBackup({ ...base, head, now: NOW + 250_000 });
const other = await writeBackupWithPassword({ ...base, head, now: NOW + 250_000, keys: made, password: passwordBytes(BACKUP_PASSWORD), kdf });

const golden = {
  about: `What version ${app} wrote (test/support/golden-vault.ts). Opened by every later version; never changed. The first ${SPKI_SIZE} octets of a certificate stand for its SubjectPublicKeyInfo.`,
  password: PASSWORD,
  backupPassword: BACKUP_PASSWORD,
  recoveryCode: code,
  passkey: { sid, outputs: passkeyOutputs },
  head: head.text,
  records,
  marker: await store.marker(),
  mark: await store.mark(),
  expected: {
    vid,
    gen: head.gen,
    items: items.map(({ id, meta, deleted, na, certificates, keys, chain }) => {
      return { id, meta, deleted, na, certificates: texts(certificates), keys: texts(keys), chain: chain.map(toBase64) };
    }),
    settings,
    history: [entry],
  },
};
writeFileSync(join(FOLDER, paths.wallet), `${JSON.stringify(golden, null, 2)}\n`);
writeFileSync(join(FOLDER, paths.backup), written.octets);
writeFileSync(join(FOLDER, paths.other), other.octets);
