/**
 * Runs inside pages of the built extension, evaluated there by the debugger; no part of any bundle that ships. In one page it
 * makes a wallet with one certificate; in the window of each request it says yes as that window does.
 */
import { argon2id } from 'hash-wasm';
import { fromBase64, toBase64, toBase64Url } from '../../../lib/bytes/base64.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { call } from '../../../lib/messaging/call.ts';
import { startKdf } from '../../../lib/platform/kdf.ts';
import { browserPasskeys } from '../../../lib/platform/passkeys.ts';
import { sessionStore } from '../../../lib/platform/session-store.ts';
import { snapshotDatabase } from '../../../lib/platform/snapshot-database.ts';
import { clock, ownVersion, random, withLock } from '../../../lib/platform/system.ts';
import { blockDatabase } from '../../../lib/platform/block-store.ts';
import { localArea } from '../../../lib/platform/local-area.ts';
import { mirrorStore } from '../../../lib/platform/mirror-store.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { startWorker } from '../../../lib/platform/workers.ts';
import { twoCopies } from '../../../lib/vault/copies.ts';
import { createVault } from '../../../lib/vault/create.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { openItem } from '../../../lib/vault/vault.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { sealKey } from '../../../lib/vault/sealed-key.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { Approval } from '../../../lib/wallet/approval.ts';
import { BlockedSites } from '../../../lib/wallet/blocked-sites.ts';
import { presentItem } from '../../../lib/wallet/open-items.ts';
import { Door } from '../../../lib/wallet/door.ts';
import { receiverOf } from '../../../lib/wallet/receiver.ts';
import { Requests } from '../../../lib/wallet/requests.ts';
import { Snapshots } from '../../../lib/wallet/snapshots.ts';
import { Sessions } from '../../../lib/wallet/session.ts';

const { subtle } = crypto;
const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const PASSWORD = '지갑 암호 하나 둘';
const PARAMS = { m: 65_536, t: 3, p: 1, salt: new Uint8Array(32).fill(7) };
const TOUCHES = 5;
const ENTERED = 'bench-entered';

/** Certificates and key in base64. */
interface Identity {
  readonly certificate: string;
  readonly chain: readonly string[];
  readonly privateKeyInfo: string;
}

const store = twoCopies(indexedDbStore(), mirrorStore(localArea));
const requests = new Requests(sessionStore, withLock, clock);
const worker = startKdf(() => startWorker('/kdf-worker.js'), withLock);
let derived: Bytes = new Uint8Array(0);
let itemId = '';
let pkcs8: Bytes = new Uint8Array(0);
let approval: Approval | null = null;

/** Derives once and remembers, so that the wallet can be open without a derivation before each sample. */
const rememberedKdf: PasswordKdf = async (params, password) => {
  if (derived.length === 0) derived = await worker.derive(params, password);
  return derived.slice();
};

/** Sends a verb whose answer says nothing. */
async function tell(...message: Parameters<typeof call>): Promise<void> {
  await call(...message);
}

function door(kdf: PasswordKdf): Door {
  return new Door({
    store,
    kdf,
    withLock,
    clock,
    app: '0.1.0',
    throttle: { guarded: (attempt) => attempt(), waitSeconds: () => Promise.resolve(0) },
    sessions: new Sessions(sessionStore, withLock, clock),
    revocationNotes: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
    announceOpened: () => tell('wallet.opened'),
  });
}

async function makeWallet({ certificate, chain, privateKeyInfo }: Identity): Promise<void> {
  pkcs8 = fromBase64(privateKeyInfo);
  const made = await createVault({
    store,
    password: passwordBytes(PASSWORD),
    kdf: rememberedKdf,
    random,
    now: clock(),
    app: ownVersion(),
    mark: 'tiger',
  });
  const signCertificate = fromBase64(certificate);
  itemId = toBase64Url(random(16));
  const { spki } = readCertificate(signCertificate);
  const place = { vid: made.head.vid, id: itemId, role: 'sign', spki } as const;
  const sealedSignKey = await sealKey({ ...place, signingKey: made.signingKey, privateKeyInfo: pkcs8, random });
  const item = {
    id: itemId,
    na: null,
    meta: { importedAt: clock(), random: true },
    signCertificate,
    kmCertificate: null,
    sealedSignKey,
    sealedKmKey: null,
  };
  const put = [{ ...item, chain: chain.map(fromBase64) }];
  const head = await saveItems({ store, head: made.head, listKey: made.listKey, now: clock(), app: ownVersion(), random, put, remove: [] });
  await door(rememberedKdf).enter(head, { listKey: made.listKey, wasOpen: false });
}

/** From now on the wallet holds so many certificates, all of them the first one. */
async function fillUp(count: number): Promise<number> {
  const { head, listKey } = await door(rememberedKdf).requireOpen();
  const one = await openItem(store, head, listKey, itemId);
  const put = Array.from({ length: count - 1 }, () => ({ ...presentItem(one), id: toBase64Url(random(16)), na: null }));
  const filled = await saveItems({ store, head, listKey, now: clock(), app: ownVersion(), random, put, remove: [] });
  await door(rememberedKdf).refresh(filled, listKey);
  return (await door(rememberedKdf).rows()).length;
}

/** The request that waits, or null. */
async function waitingRequest(): Promise<string | null> {
  return (await requests.list())[0]?.id ?? null;
}

/** What the page that made the wallet hands to the helper in another one. */
function handOver(): string {
  return JSON.stringify([toBase64(derived), itemId]);
}

function takeOver(handed: string): void {
  const [key, id] = JSON.parse(handed) as [string, string];
  derived = fromBase64(key);
  itemId = id;
}

/** In the window of a request: the wallet is opened in it, and only the click is left. */
async function readyToClick(): Promise<void> {
  const request = new URLSearchParams(location.search).get('request') ?? '';
  approval = new Approval(
    {
      door: door(rememberedKdf),
      acts: () => Promise.reject(new Error('not measured')),
      throttle: { waitSeconds: () => Promise.resolve(0) },
      random,
      passkeys: () => browserPasskeys(),
      passkeySupport: () => Promise.resolve('browser'),
      requests,
      sessions: new Sessions(sessionStore, withLock, clock),
      clock,
      snapshots: new Snapshots(snapshotDatabase(), random),
      blocked: new BlockedSites(blockDatabase(), withLock, random),
      note: () => Promise.resolve(),
      site: () => Promise.resolve({ siteName: null, siteClass: 'local', resembles: null }),
      receiver: receiverOf,
      background: {
        approve: (order) => tell('wallet.approve', order),
        reject: (id) => tell('wallet.reject', { request: id }),
        extend: async (id) => Number(await call('wallet.extend', { request: id })),
      },
      onChange: () => () => undefined,
    },
    request,
  );
  await approval.request();
  await approval.open(PASSWORD);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Clicks; gives the time of it. The answer goes to the bank's page, and this window closes. */
function click(): number {
  const start = now();
  approval?.approve(itemId).catch((thrown: unknown) => console.error(thrown));
  return start;
}

/** In the window of a request: writes down when Enter is pressed, where our other pages can read it. */
function watchEnter(): void {
  localStorage.removeItem(ENTERED);
  window.addEventListener('keydown', ({ key }) => key === 'Enter' && localStorage.setItem(ENTERED, String(now())), { capture: true });
}

/** What no sign-in can do without: one message there and back, one read, the key imported, digest and signature. */
async function floorOnce(): Promise<void> {
  await call('wallet.wake');
  await sessionStore.get(['djw1.requests']);
  const key = await subtle.importKey('pkcs8', pkcs8, SIGNING, false, ['sign']);
  await subtle.digest('SHA-256', pkcs8);
  await subtle.sign(SIGNING, key, pkcs8.subarray(0, 180));
}

async function timed(times: number, act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < times; i++) await act();
  return (performance.now() - start) / times;
}

const derive = (): Promise<Bytes> => worker.derive(PARAMS, utf8(PASSWORD));

function deriveDirectly(): Promise<Uint8Array> {
  const { m, t, p, salt } = PARAMS;
  return argon2id({ password: utf8(PASSWORD), salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'binary' });
}

const same = async (): Promise<boolean> => toBase64Url(await derive()) === toBase64Url(await deriveDirectly());

/** Times in milliseconds. */
Object.assign(globalThis, {
  dojangBench: {
    startWorker,
    makeWallet,
    fillUp,
    waitingRequest,
    handOver,
    takeOver,
    readyToClick,
    click,
    watchEnter,
    enteredAt: () => Number(localStorage.getItem(ENTERED)),
    password: PASSWORD,
    wake: () => call('wallet.wake'),
    floor: () => timed(1, floorOnce),
    warmFloor: () => timed(TOUCHES, floorOnce),
    ping: () => timed(1, () => call('wallet.wake')),
    derive: () => timed(1, derive),
    deriveDirectly: () => timed(1, deriveDirectly),
    derivesTheSame: same,
  },
});
