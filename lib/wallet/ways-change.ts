/**
 * Changing the wallet password: the current secret is proven first, then the passkeys that shall stay are touched, then
 * everything is sealed anew in one save. Afterwards no window holds a key of the former state.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { readCertificate } from '../npki/certificate.ts';
import { changeSecrets, type ChangedSecrets } from '../vault/change-secrets.ts';
import { recoverySlot, type VaultHead } from '../vault/head.ts';
import { joinApart } from '../vault/join.ts';
import { checkSyncPassword, newPassword } from '../vault/new-password.ts';
import { passwordBytes } from '../vault/password.ts';
import { readRecoveryCode, sheetMark } from '../vault/recovery-code.ts';
import { openSettings } from '../vault/settings-record.ts';
import type { PrivateSettings } from '../vault/settings-text.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import { touchPasskey } from '../vault/touch-passkey.ts';
import type { Secret } from '../vault/unlock.ts';
import { onNewest } from './newest.ts';
import type { PasskeyWay, PasswordChange, PasswordChanged } from './ways-api.ts';
import { passkeyWays, type WaysPorts } from './ways-ports.ts';

/** Typing errors of a code are found here, before anything is counted. @throws `recovery.mistyped`, `password.too-long` */
async function secretOf({ kind, text }: PasswordChange['current']): Promise<Secret> {
  return kind === 'password' ? { kind: 'pw', password: passwordBytes(text) } : { kind: 'rec', code: await readRecoveryCode(text) };
}

async function touchAll(head: VaultHead, { keep, onTouch }: PasswordChange, ports: WaysPorts): Promise<Map<string, Bytes>> {
  const { passkeys, random, clock } = ports;
  const touched = new Map<string, Bytes>();
  try {
    for (const [nth, sid] of keep.entries()) {
      onTouch(nth);
      touched.set(sid, (await touchPasskey(head, { passkeys: passkeys(), random, clock }, sid)).outputs);
    }
    return touched;
  } catch (thrown) {
    wipe(...touched.values());
    throw thrown;
  }
}

/** The settings before the change; null where they do not open. */
async function settingsOf({ store }: WaysPorts, head: VaultHead, listKey: Bytes): Promise<PrivateSettings | null> {
  try {
    return await openSettings(store, head, listKey);
  } catch {
    return null;
  }
}

function resultOf(changed: ChangedSecrets, before: readonly PasskeyWay[], madeAt: number): Omit<PasswordChanged, 'formerInSync'> {
  const { head, code, dropped, formerGone } = changed;
  const gone = new Set(dropped.map(({ sid }) => sid));
  const slot = recoverySlot(head);
  return {
    sheet: code === null || !slot ? null : { code, mark: sheetMark(slot.sid), madeAt },
    dropped: before.filter(({ sid }) => gone.has(sid)),
    formerGone,
  };
}

/** Throws as `WaysApi.changePassword`. */
export async function changePassword(change: PasswordChange, ports: WaysPorts): Promise<PasswordChanged> {
  const { door, store, random, clock, kdf, pause, lock, sessions, replaceSyncCopy, withLock, app } = ports;
  const password = newPassword(change.password);
  const waiting: Bytes[] = [password];
  try {
    const proof = await secretOf(change.current);
    const { head, slot } = await door.openWith(proof);
    waiting.push(slot.listKey, slot.signingKey);
    const settings = await settingsOf(ports, head, slot.listKey);
    if (settings?.sync.on) checkSyncPassword(change.password);
    const before = passkeyWays(head, settings?.passkeys ?? []);
    const passkeys = await touchAll(head, change, ports);
    waiting.push(...passkeys.values());
    const current = await secretOf(change.current);
    // What one copy alone has would be left behind under the former keys.
    await withLock(WRITE_LOCK, () => joinApart({ copies: store, vid: head.vid, listKey: slot.listKey, now: clock(), app }));
    const madeAt = clock();
    const changed = await onNewest(ports, slot.listKey, ({ app, now }) =>
      changeSecrets({
        store,
        current,
        password,
        passkeys,
        kdf,
        random,
        now,
        app,
        spkiOf: (certificate) => readCertificate(certificate).spki,
        twoVerified: () => store.twoVerified(),
        pause,
      }),
    );
    waiting.push(changed.listKey, changed.signingKey);
    // What was changed is told, and the new code shown, whether the background answers or not.
    await lock().catch(() => sessions.close());
    const replaced = await replaceSyncCopy(changed.head, changed.listKey);
    return { ...resultOf(changed, before, madeAt), formerInSync: !replaced };
  } finally {
    wipe(...waiting);
  }
}
