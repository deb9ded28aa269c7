/** Opens PKCS#12 files (RFC 7292), `.pfx` and `.p12`, in DER and BER. */
import { equal, wipe, type Bytes } from '../../bytes/bytes.ts';
import { errorCode, WalletError } from '../../errors.ts';
import type { Certificate } from '../certificate.ts';
import { decryptAs } from '../decrypt.ts';
import type { Sealed } from '../encryption.ts';
import { openPlainKey } from '../plain-key.ts';
import { openSealedKey, type OpenedKey } from '../private-key.ts';
import { isMacOf } from './mac.ts';
import { PfxBounds } from './pfx-bounds.ts';
import { collectBags, noBags, type Bags } from './read-bags.ts';
import { PFX_VERSION, readContainer } from './read-container.ts';

export interface PfxContents {
  /** Each once, of holders and of authorities. Nothing says here which key is of which. */
  readonly certificates: readonly Certificate[];
  /** The caller wipes each `privateKeyInfo` after use. */
  readonly keys: readonly OpenedKey[];
}

/** What a PKCS#12 file shows without its password. */
export interface ShownPfx {
  readonly certificates: readonly Certificate[];
  /** False where nothing is encrypted and no MAC is there: any password would do. */
  readonly needsPassword: boolean;
}

/** Whether octets begin like a PKCS#12 file: a SEQUENCE of any length, the version 3, then a SEQUENCE. */
export function looksLikePfx(bytes: Bytes): boolean {
  const [first, length = 0] = bytes;
  const at = length > 0x80 && length <= 0x84 ? 2 + (length & 0x7f) : 2;
  return first === 0x30 && [0x02, 0x01, PFX_VERSION, 0x30].every((octet, i) => bytes[at + i] === octet);
}

function eachOnce(certificates: readonly Certificate[]): Certificate[] {
  return certificates.filter((one, i) => certificates.findIndex(({ der }) => equal(der, one.der)) === i);
}

/**
 * Reads what a PKCS#12 file shows without its password. Nothing is derived. Octets behind the file are not looked at.
 *
 * @throws `file.too-large`, `file.unreadable`, `file.hostile`, `file.unsupported` (detail: the OID of what is not known)
 */
export function readPfx(file: Bytes): ShownPfx {
  const bounds = new PfxBounds();
  const bags = noBags();
  try {
    const { plain, sealed, mac } = readContainer(file, bounds);
    for (const safeContents of plain) collectBags(safeContents, bags, bounds);
    const needsPassword = mac !== null || sealed.length > 0 || bags.sealedKeys.length > 0;
    return { certificates: eachOnce(bags.certificates), needsPassword };
  } finally {
    wipe(...bags.plainKeys);
  }
}

/** SafeContents that were decrypted, and what is in them. */
interface OpenedSafe {
  readonly plain: Bytes;
  readonly bags: Bags;
}

function openSafe(sealed: Sealed, password: string, bounds: PfxBounds): Promise<OpenedSafe> {
  return decryptAs(sealed, password, (plain) => {
    const bags = noBags();
    try {
      collectBags(plain, bags, bounds);
      return { plain, bags };
    } catch (thrown) {
      wipe(...bags.plainKeys);
      if (errorCode(thrown) === 'file.unreadable') return null;
      throw thrown;
    }
  });
}

/** A key of another kind is left out as long as there is one that can be used. */
async function openKeys(bags: readonly Bags[], password: string): Promise<OpenedKey[]> {
  const keys: OpenedKey[] = [];
  const refused: WalletError[] = [];
  const open = async (opening: () => OpenedKey | Promise<OpenedKey>): Promise<void> => {
    try {
      keys.push(await opening());
    } catch (thrown) {
      if (!(thrown instanceof WalletError) || thrown.code !== 'file.unsupported') throw thrown;
      refused.push(thrown);
    }
  };
  try {
    for (const { sealedKeys, plainKeys } of bags) {
      for (const sealed of sealedKeys) await open(() => openSealedKey(sealed, password));
      for (const plain of plainKeys) await open(() => openPlainKey(plain));
    }
    if (keys.length === 0 && refused[0] !== undefined) throw refused[0];
    return keys;
  } catch (thrown) {
    wipe(...keys.map(({ privateKeyInfo }) => privateKeyInfo));
    throw thrown;
  }
}

/**
 * Opens a PKCS#12 file. The MAC is checked before anything is decrypted; where there is none, the keys tell whether the
 * password is right. PrivateKeyInfo is octet for octet what the file holds, so that R stays.
 *
 * @throws what `readPfx` throws; `password.wrong`; `file.unsupported` where no key inside is RSA (detail: its OID)
 */
export async function openPfx(file: Bytes, password: string): Promise<PfxContents> {
  const bounds = new PfxBounds();
  const shown = noBags();
  const opened: OpenedSafe[] = [];
  try {
    const { plain, sealed, mac, authenticated } = readContainer(file, bounds);
    for (const safeContents of plain) collectBags(safeContents, shown, bounds);
    if (mac !== null && !isMacOf(mac, password, authenticated)) throw new WalletError('password.wrong');
    try {
      for (const one of sealed) opened.push(await openSafe(one, password, bounds));
      const bags = [shown, ...opened.map((safe) => safe.bags)];
      return { certificates: eachOnce(bags.flatMap(({ certificates }) => certificates)), keys: await openKeys(bags, password) };
    } catch (thrown) {
      // The MAC has proved the password: what does not open with it is damaged.
      if (mac === null || errorCode(thrown) !== 'password.wrong') throw thrown;
      throw new WalletError('file.unreadable', { detail: 'PKCS#12', cause: thrown });
    }
  } finally {
    for (const { plainKeys } of [shown, ...opened.map(({ bags }) => bags)]) wipe(...plainKeys);
    wipe(...opened.map(({ plain }) => plain));
  }
}
