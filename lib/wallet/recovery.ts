/**
 * What is left to do where the wallet does not start by itself: show what each copy has, go on from a state the owner
 * chose, hand out the sealed records for support, or begin anew. Looking writes nothing and needs neither copy to work.
 */
import { wipe } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { lostRecords } from '../vault/carried.ts';
import type { CopyName } from '../vault/copies.ts';
import { passwordSlot, recoverySlot, type VaultHead } from '../vault/head.ts';
import { joinApart } from '../vault/join.ts';
import { passwordBytes } from '../vault/password.ts';
import { rawLines } from '../vault/raw-export.ts';
import { recoverFrom } from '../vault/recover.ts';
import { readRecoveryCode } from '../vault/recovery-code.ts';
import { settle } from '../vault/repair.ts';
import { readStartUp, reportCopies, type CopyReport, type HeadReport, type Reports } from '../vault/startup.ts';
import { WRITE_LOCK, type StoredRecord } from '../vault/store.ts';
import { openWith, type OpenSlot, type Secret } from '../vault/unlock.ts';
import { readBackupFile } from './backup-secret.ts';
import type { Door, DoorPorts } from './door.ts';
import { eraseWallet, syncLeft, type ErasePorts } from './erasing.ts';
import type { ExportedFile } from './model.ts';
import type { CopyState, Erasure, FoundState, Mended, Recovered, RecoveryApi, RecoveryReport, SyncLeft } from './keeping-api.ts';
import { canTouchHead, touchHead, type PasskeyPorts } from './ways-touch.ts';

export interface RecoveryPorts extends DoorPorts, ErasePorts, Omit<PasskeyPorts, 'throttle'> {
  readonly door: Door;
  /** Version of the extension. */
  readonly app: string;
  readonly pause: () => Promise<void>;
}

const NAMES: readonly CopyName[] = ['primary', 'mirror'];

async function foundState({ head, count, missing, foreign }: HeadReport, ports: RecoveryPorts): Promise<FoundState> {
  const touch = await canTouchHead(head, ports);
  return { key: head.sum, savedAt: head.ts, generation: head.gen, count, missing, foreign, touch };
}

async function copyState(name: CopyName, { trace, code, heads, unread, marked }: CopyReport, ports: RecoveryPorts): Promise<CopyState> {
  return { name, trace, code, states: await Promise.all(heads.map((found) => foundState(found, ports))), unread, marked };
}

/** What a backup file has of the records of that state; the file of another wallet is refused before anything is tried. */
async function recordsFrom(file: Blob | null, head: VaultHead): Promise<readonly StoredRecord[]> {
  if (!file) return [];
  const { start, records } = await readBackupFile(file);
  return lostRecords(
    head,
    { vid: start.vid, records },
    head.items.map(({ id }) => id),
  );
}

/** A printed code where the text is one and this state has a slot for it; else a password. */
async function readSecret(text: string, head: VaultHead): Promise<Secret> {
  const code = recoverySlot(head) ? await readRecoveryCode(text).catch(() => null) : null;
  return code ? { kind: 'rec', code } : { kind: 'pw', password: passwordBytes(text) };
}

/**
 * Whether the password was changed after this state was saved, as far as the copy that is trusted most can say. Whoever
 * knows only the former one must not get back in by choosing a former state.
 */
function isFormer({ primary, mirror }: Reports, chosen: VaultHead): boolean {
  const heads = primary.heads.length > 0 ? primary.heads : mirror.heads;
  return heads.some(({ head }) => head.vid === chosen.vid && head.gen > chosen.gen && passwordSlot(head).sid !== passwordSlot(chosen).sid);
}

export class Recovery implements RecoveryApi {
  readonly #ports: RecoveryPorts;

  constructor(ports: RecoveryPorts) {
    this.#ports = ports;
  }

  async report(): Promise<RecoveryReport> {
    const reports = await reportCopies(this.#ports.store);
    return { copies: await Promise.all(NAMES.map((name) => copyState(name, reports[name], this.#ports))) };
  }

  async rawFile(): Promise<ExportedFile> {
    const lines = await rawLines(this.#ports.store);
    const day = new Date(this.#ports.clock()).toISOString().slice(0, 10);
    return { path: `dojang-records-${day}.txt`, bytes: utf8(lines.map((line) => `${line}\n`).join('')) };
  }

  openFrom(key: string, secret: string, file: Blob | null = null): Promise<Recovered> {
    return this.#openFrom(key, (head) => readSecret(secret, head), file);
  }

  openFromByTouch(key: string, file: Blob | null = null): Promise<Recovered> {
    return this.#openFrom(key, (head) => touchHead(head, this.#ports), file);
  }

  async #openFrom(key: string, ask: (head: VaultHead) => Promise<Secret>, file: Blob | null): Promise<Recovered> {
    const reports = await this.#trouble();
    const chosen = [...reports.primary.heads, ...reports.mirror.heads].find(({ head }) => head.sum === key);
    if (!chosen) throw new WalletError('vault.conflict', { detail: 'state' });
    const known = await recordsFrom(file, chosen.head);
    const secret = await ask(chosen.head);
    // A code opens nothing but a change of the password, which the unlock screen leads to.
    const opened = secret.kind !== 'rec';
    const open = await this.#open(reports, chosen.head, secret);
    try {
      const { head, missing } = await this.#goOnFrom(chosen.head, open, known);
      if (opened) await this.#ports.door.enter(head, { listKey: open.listKey, wasOpen: false });
      return { missing: missing.length, opened };
    } finally {
      wipe(open.listKey, open.signingKey);
    }
  }

  async mend(walletPassword: string): Promise<Mended> {
    const { store: copies, withLock, door, pause, clock, app } = this.#ports;
    const { head, slot, wasOpen } = await door.openSlot(walletPassword);
    try {
      const request = { copies, vid: head.vid, listKey: slot.listKey, pause };
      const settled = await withLock(WRITE_LOCK, async () => {
        await joinApart({ ...request, now: clock(), app });
        return settle({ ...request, depth: 'records', ownersWord: true });
      });
      await door.enter(settled.head, { listKey: slot.listKey, wasOpen });
      const { primary, mirror } = settled.health;
      return { whole: primary.state === 'good' && mirror.state === 'good', missing: settled.missing.length };
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  syncLeft(): Promise<SyncLeft> {
    return syncLeft(this.#ports);
  }

  erase(what: Erasure): Promise<void> {
    return eraseWallet(this.#ports, what, () => this.#trouble());
  }

  /** What the copies have, while the wallet does not start. @throws `vault.conflict` where it does, or none is there; `vault.newer-version` */
  async #trouble(): Promise<Reports> {
    const start = await readStartUp(this.#ports.store);
    if (start.state === 'newer-version') throw new WalletError('vault.newer-version');
    if (start.state !== 'recovery') throw new WalletError('vault.conflict', { detail: start.state });
    return start;
  }

  /** Counts the try and opens the chosen state. */
  async #open(reports: Reports, head: VaultHead, secret: Secret): Promise<OpenSlot> {
    const { throttle, kdf } = this.#ports;
    const open = await throttle.guarded(() => openWith(head, secret, kdf));
    if (!isFormer(reports, head)) return open;
    wipe(open.listKey, open.signingKey);
    throw new WalletError('password.former');
  }

  #goOnFrom(head: VaultHead, { listKey }: OpenSlot, known: readonly StoredRecord[]): ReturnType<typeof recoverFrom> {
    const { store: copies, withLock, clock, app, pause } = this.#ports;
    return withLock(WRITE_LOCK, async () => {
      await this.#trouble();
      return recoverFrom({ copies, head, listKey, now: clock(), app, known, pause });
    });
  }
}
