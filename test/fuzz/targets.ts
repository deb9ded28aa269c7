/** Every reader of outside octets, with good files to spoil and what happens to a spoilt one. */
import { readZip } from '../../lib/archive/read-zip.ts';
import { writeZip } from '../../lib/archive/write-zip.ts';
import { wipe, type Bytes } from '../../lib/bytes/bytes.ts';
import { fromUtf8, utf8 } from '../../lib/bytes/text.ts';
import { WalletError } from '../../lib/errors.ts';
import { readCertificate } from '../../lib/npki/certificate.ts';
import { certificateFacts } from '../../lib/npki/facts.ts';
import { findIdentities } from '../../lib/npki/folder.ts';
import { nameText } from '../../lib/npki/name.ts';
import { openContainer } from '../../lib/npki/open-identity.ts';
import { openPfx, readPfx } from '../../lib/npki/pkcs12/open-pfx.ts';
import { openPrivateKey } from '../../lib/npki/private-key.ts';
import { readPrivateKeyInfo } from '../../lib/npki/private-key-info.ts';
import { readIdentityValue, writeIdentityValue } from '../../lib/sign/identity-value.ts';
import { readEnvelope } from '../../lib/sign/read-envelope.ts';
import { readRecipient } from '../../lib/sign/recipient.ts';
import { readRevocationList, lookUp } from '../../lib/trust/status/read-list.ts';
import { readOcspAnswer } from '../../lib/trust/status/read-ocsp.ts';
import { checkTaxInvoice } from '../../lib/sign/tax-invoice/check.ts';
import { readHead } from '../../lib/vault/head.ts';
import { readRecord } from '../../lib/vault/record.ts';
import { fixture, identityFile, readFixture, readJson } from '../support/npki-fixtures.ts';
import { seedAnswer, seedList } from './status-seeds.ts';
import { fewRoundsKey, fewRoundsPfx, FUZZ_PASSWORD } from './few-rounds.ts';

export interface Target {
  readonly name: string;
  readonly seeds: () => Promise<readonly Bytes[]> | readonly Bytes[];
  /** Throws a `WalletError`, or nothing. */
  readonly read: (bytes: Bytes) => Promise<void> | void;
}

const CERTIFICATE = readFixture('yessign-test', 'signCert.der');
const ENVELOPE_BYTES = 8192;
const SERVER_TIME = Date.parse('2026-11-23T00:00:00Z');
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');

/** A spoilt count of rounds may be large and still allowed; such a file is only slow. 65537 in certificates is no count. */
function hasManyRounds(bytes: Bytes): boolean {
  return /\x02(?:\x03(?!\x01\x00\x01)|\x04[\x00-\x7f])/.test(Buffer.from(bytes).toString('latin1'));
}

function pemOf(label: string, der: Bytes): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

async function findAndOpen(path: string, bytes: Bytes): Promise<void> {
  for (const found of findIdentities([{ path, bytes }], { everyFile: true })) {
    if (found.kind === 'identity') {
      if (found.refusal) throw new WalletError(found.refusal.code, { detail: found.refusal.detail });
      continue;
    }
    if (hasManyRounds(bytes)) continue;
    for (const { sign, km } of await openContainer(found, FUZZ_PASSWORD)) wipe(sign?.key.privateKeyInfo, km?.key.privateKeyInfo);
  }
}

export const TARGETS: readonly Target[] = [
  {
    name: 'certificate',
    seeds: () => [CERTIFICATE, readFixture('ca-certs', 'KISA-RootCA-4.der')],
    read(bytes) {
      const certificate = readCertificate(bytes);
      certificateFacts(certificate, '');
      nameText(certificate.subject);
    },
  },
  {
    name: 'key file',
    seeds: () => Promise.all((['seed', 'pbes2-seed', 'pbes2-aes', 'pkcs12-3des'] as const).map(fewRoundsKey)),
    async read(bytes) {
      if (hasManyRounds(bytes)) return;
      wipe((await openPrivateKey(bytes, FUZZ_PASSWORD)).privateKeyInfo);
    },
  },
  { name: 'key in the clear', seeds: () => [PLAIN], read: (bytes) => void readPrivateKeyInfo(bytes) },
  {
    name: 'PKCS#12',
    seeds: fewRoundsPfx,
    async read(bytes) {
      readPfx(bytes);
      if (hasManyRounds(bytes)) return;
      const { keys } = await openPfx(bytes, FUZZ_PASSWORD);
      wipe(...keys.map(({ privateKeyInfo }) => privateKeyInfo));
    },
  },
  {
    name: 'signed tax invoice',
    seeds: () => [readFixture('etax', 'own-jdk.xml')],
    async read(bytes) {
      await checkTaxInvoice(fromUtf8(bytes));
    },
  },
  {
    name: 'zip',
    seeds: async () => [
      writeZip(
        [
          { path: 'NPKI/yessign/USER/cn=홍길동/signCert.der', bytes: CERTIFICATE },
          { path: 'a.key', bytes: await fewRoundsKey('seed') },
        ],
        { time: 0 },
      ),
    ],
    read: async (bytes) => {
      await readZip(bytes);
    },
  },
  {
    name: 'text',
    seeds: async () => [
      utf8(pemOf('CERTIFICATE', CERTIFICATE) + pemOf('ENCRYPTED PRIVATE KEY', await fewRoundsKey('seed'))),
      utf8(Buffer.from(CERTIFICATE).toString('base64')),
    ],
    read: (bytes) => findAndOpen('bundle.pem', bytes),
  },
  {
    name: 'any file that is picked',
    seeds: async () => [identityFile(fixture('personal-bank-sha1seed'), 'CaPubs'), CERTIFICATE, ...(await fewRoundsPfx())],
    read: (bytes) => findAndOpen('picked', bytes),
  },
  { name: 'OCSP answer', seeds: async () => [await seedAnswer()], read: (bytes) => void readOcspAnswer(bytes) },
  {
    name: 'revocation list',
    seeds: async () => [await seedList()],
    read(bytes) {
      lookUp(readRevocationList(bytes), Uint8Array.of(7));
    },
  },
  {
    name: 'envelope',
    seeds: () => ['seed', '3des', 'aes128'].map((cipher) => readFixture('npki', 'cms', `personal-bank-sha1seed.enveloped-${cipher}.der`)),
    read: (bytes) => void readEnvelope(bytes, ENVELOPE_BYTES),
  },
  {
    name: 'identity value',
    seeds: () => [writeIdentityValue({ origin: 'https://bank.example', nonce: 'n'.repeat(43), random: new Uint8Array(20) })],
    read: (bytes) => void readIdentityValue(bytes),
  },
  {
    name: 'certificate of a server',
    seeds: () => [readFixture('npki', 'bank', 'serverCert.der')],
    read: (bytes) => void readRecipient(bytes, SERVER_TIME),
  },
  {
    name: 'DJW1 record',
    seeds: () => {
      const { head, records } = readJson('vault', 'golden-1.json') as { head: string; records: readonly { text: string }[] };
      return [head, ...records.map(({ text }) => text)].map(utf8);
    },
    async read(bytes) {
      const text = new TextDecoder().decode(bytes);
      await readRecord(text, 'I').catch(() => undefined);
      await readHead(text);
    },
  },
];
