/** Opens one key file in this fresh process and prints what the first call took and gave. Run by the `key` group, for K2. */
import { openPrivateKey } from '../../lib/npki/private-key.ts';
import { identityFiles, sha256Hex } from './fixtures.ts';
import { nobleSeedOpener, SEED_PEER } from './noble-seed.ts';

const [who = ''] = process.argv.slice(2);
const { keyFile, password } = identityFiles('personal-bank-sha1seed');

async function opener(): Promise<() => Promise<Uint8Array> | Uint8Array> {
  if (who === 'dojang') return async () => (await openPrivateKey(keyFile, password)).privateKeyInfo;
  const peer = await nobleSeedOpener(keyFile, password);
  if (peer === null) throw new Error(`${SEED_PEER} is not installed`);
  return peer;
}

const open = await opener();
const start = performance.now();
const opened = await open();
const took = performance.now() - start;
console.log(JSON.stringify({ us: took * 1000, sha256: sha256Hex(opened) }));
