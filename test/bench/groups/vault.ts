/** Unlocking a wallet of 1,000 records, without the password KDF and without the browser's storage. */
import { createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { COUNT, decryptAll, fillVault, type FilledVault } from '../filled-vault.ts';
import { NOW, same } from '../fixtures.ts';
import { warm, type OpenGroup } from '../harness.ts';

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
    ],
  };
}
