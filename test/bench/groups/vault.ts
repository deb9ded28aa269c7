/** Unlocking a wallet of 1,000 records, without the password KDF and without the browser's storage. */
import { createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { WRITTEN_COST } from '../../../lib/vault/kdf.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { makeRows, readRows, writeRows } from '../../../lib/wallet/rows.ts';
import { COUNT, decryptAll, fillVault, type FilledVault } from '../filled-vault.ts';
import { identityFiles, NOW, same } from '../fixtures.ts';
import { warm, type Case, type OpenGroup } from '../harness.ts';

/** Opens a record as docs/VAULT.md says, with OpenSSL alone. */
function openWithNode(text: string, listKey: Bytes, vid: string): Buffer {
  const [, , fieldText = '', bodyText = ''] = text.split('.');
  const fields = JSON.parse(Buffer.from(fieldText, 'base64url').toString()) as { id: string; rnd: string; iv: string };
  const octets = (value: string): Buffer => Buffer.from(value, 'base64url');
  const field = (value: Buffer): Buffer => Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), value]);
  const info = Buffer.concat([Buffer.from('djw1/body'), Buffer.from('I'), octets(vid), octets(fields.id)].map(field));
  const key = Buffer.from(hkdfSync('sha256', listKey, octets(fields.rnd), info, 32));
  const body = octets(bodyText);
  const decipher = createDecipheriv('aes-256-gcm', key, octets(fields.iv));
  decipher.setAAD(Buffer.from(text.slice(0, text.length - text.split('.').slice(3).join('.').length)));
  decipher.setAuthTag(body.subarray(body.length - 16));
  return Buffer.concat([decipher.update(body.subarray(0, body.length - 16)), decipher.final()]);
}

async function requireOpened({ store, head, listKey, items }: FilledVault): Promise<void> {
  const opened = await openItems(store, head, listKey);
  same(opened.damaged.length, 0, 'damaged');
  same(opened.items.length, COUNT, 'count');
  const texts = await store.records(head.items);
  const found = new Map(opened.items.map((item) => [item.id, item]));
  const judged = new Map(head.items.map(({ id }, i) => [id, openWithNode(texts[i] ?? '', listKey, head.vid)]));
  for (const { id, signCertificate, sealedSignKey } of items) {
    same(found.get(id)?.signCertificate, signCertificate, 'certificate');
    for (const part of [signCertificate, sealedSignKey]) {
      same(judged.get(id)?.includes(Buffer.from(part ?? [])), true, 'record for OpenSSL');
    }
  }
}

/** What opening adds to the derivation for the lists, with that many certificates: rows made anew, and rows that were kept. */
async function rowsOf(count: number, random: (length: number) => Bytes): Promise<Case[]> {
  const { store, head, listKey } = await fillVault(random, NOW, count, identityFiles('personal-bank-sha1seed').certificate);
  const text = writeRows(await makeRows(store, head, listKey));
  const requireAll = (rows: readonly unknown[] | null): void => same(rows?.length, count, 'rows');
  return [
    warm({
      name: `dojang, rows of ${count} made anew`,
      run: () => makeRows(store, head, listKey),
      prove: async () => requireAll(await makeRows(store, head, listKey)),
    }),
    warm({ name: `dojang, rows of ${count} that were kept`, run: () => readRows(text), prove: () => requireAll(readRows(text)) }),
  ];
}

function derive(): Promise<Uint8Array> {
  const { m, t, p } = WRITTEN_COST;
  return argon2id({
    password: 'bench',
    salt: new Uint8Array(32),
    memorySize: m,
    iterations: t,
    parallelism: p,
    hashLength: 32,
    outputType: 'binary',
  });
}

export async function openVaultGroup(): Promise<OpenGroup> {
  const random = (length: number): Bytes => randomFillSync(new Uint8Array(length));
  const filled = await fillVault(random, NOW);
  const decrypt = await decryptAll(random);
  return {
    comparisons: [
      {
        id: 'W1',
        base: warm({ name: `WebCrypto ${COUNT} × AES-GCM decrypt, one key`, run: decrypt, prove: decrypt }),
        cases: [
          warm({
            name: `dojang, open ${COUNT} records`,
            goal: 3.2,
            run: () => openItems(filled.store, filled.head, filled.listKey),
            prove: () => requireOpened(filled),
          }),
        ],
      },
      {
        id: 'W2',
        base: warm({ name: 'Argon2id of one unlocking, hash-wasm', run: derive, prove: derive }),
        cases: [...(await rowsOf(1, random)), ...(await rowsOf(500, random))],
      },
    ],
  };
}
