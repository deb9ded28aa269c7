/** RC4 (RFC 6229 has its vectors): two of the PKCS#12 schemes (RFC 7292 appendix C) are of this stream cipher. */
import { copy, type Bytes } from '../../bytes/bytes.ts';

/** Encrypts or decrypts, which is the same. There is no padding: what a wrong key gives, only its reader can tell. */
export function rc4(key: Uint8Array, data: Uint8Array): Bytes {
  if (key.length < 1 || key.length > 256) throw new RangeError('RC4 key length');
  const state = new Uint8Array(256).map((_, i) => i);
  const out = copy(data);
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 0xff;
    swap(state, i, j);
  }
  j = 0;
  for (let at = 0; at < out.length; at++) {
    const i = (at + 1) & 0xff;
    j = (j + (state[i] ?? 0)) & 0xff;
    swap(state, i, j);
    out[at] = (out[at] ?? 0) ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 0xff] ?? 0);
  }
  state.fill(0);
  return out;
}

function swap(state: Uint8Array, i: number, j: number): void {
  const kept = state[i] ?? 0;
  state[i] = state[j] ?? 0;
  state[j] = kept;
}
