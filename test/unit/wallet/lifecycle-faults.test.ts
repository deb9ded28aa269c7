/**
 * Every fault that the demo authority can be told to have, in an issue, a renewal, a revocation, a pause and its end, of a whole wallet: where the run
 * stands, where it ends by going on as often as it lets, what its owner is told, what the authority thinks then, and where each key
 * that was made has gone.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAULTS, type FaultName } from '../../../demo/ca/faults.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { readHead } from '../../../lib/vault/head.ts';
import { openJournal } from '../../../lib/vault/journal.ts';
import { openItem } from '../../../lib/vault/vault.ts';
import type { LifecycleRun } from '../../../lib/wallet/lifecycle-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { BY_PASSWORD, LifecycleDesk } from '../../support/lifecycle-desk.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { until } from '../../support/until.ts';

type Act = 'issue' | 'renew' | StateAct;
/** A pause and its end go as a revocation does, to another state. */
type StateAct = 'revoke' | 'hold' | 'release';
type State = LifecycleRun['state'];

interface Fate {
  /** Where the run stands when it returns, and where it ends. */
  readonly ends: readonly [State, State];
  /** Refusal that the owner reads: the word, or what was not as asked. */
  readonly told?: string;
  /**
   * At the authority afterwards: the new certificates (`none` where it made none), then the number of an issue, or the certificate
   * that was to be renewed or revoked.
   */
  readonly authority: readonly [string, string];
}

interface Row {
  /** As they are set, where it is more than the name. */
  readonly faults?: readonly string[];
  /** Null where no answer of such a run can have the fault. */
  readonly issue: Fate | null;
  readonly renew: Fate | null;
  readonly revoke: Fate | null;
}

const done = (first: State = 'CONFIRMED'): Omit<Row, 'faults'> => ({
  issue: { ends: [first, 'CONFIRMED'], authority: ['active', 'used'] },
  renew: { ends: [first, 'CONFIRMED'], authority: ['active', 'revoked'] },
  revoke: { ends: [first, 'CONFIRMED'], authority: ['none', 'revoked'] },
});

/** The same octets get the same answer, which is believed no more than before. What was revoked is seen by its state. */
const DISBELIEVED: Omit<Row, 'faults'> = {
  issue: { ends: ['SENT', 'SENT'], authority: ['pending', 'taken'] },
  renew: { ends: ['SENT', 'SENT'], authority: ['pending', 'active'] },
  revoke: { ends: ['SENT', 'CONFIRMED'], authority: ['none', 'revoked'] },
};

/** A certificate that is not taken is given back, and so is the number; the old certificate stays. */
const rejected = (told: string): Omit<Row, 'faults'> => ({
  issue: { ends: ['FAILED', 'FAILED'], told, authority: ['revoked', 'open'] },
  renew: { ends: ['FAILED', 'FAILED'], told, authority: ['revoked', 'active'] },
  revoke: null,
});

const REFUSED: Omit<Row, 'faults'> = {
  issue: { ends: ['FAILED', 'FAILED'], told: 'number-used', authority: ['pending', 'taken'] },
  renew: { ends: ['FAILED', 'FAILED'], told: 'not-allowed', authority: ['pending', 'active'] },
  revoke: { ends: ['FAILED', 'FAILED'], told: 'not-allowed', authority: ['none', 'active'] },
};

/** The confirmation is answered with a failure of the system, and what the state of the certificate says then does not count yet. */
const unclear = (...faults: readonly string[]): Row => ({ ...done('SAVED'), faults: ['confirm-refuse:25', ...faults], revoke: done().revoke });

const onlyMac = ({ issue }: Omit<Row, 'faults'>): Omit<Row, 'faults'> => ({ issue, renew: null, revoke: null });
const notRevoke = ({ issue, renew }: Omit<Row, 'faults'>): Omit<Row, 'faults'> => ({ issue, renew, revoke: null });

const TABLE: Readonly<Record<FaultName, Row>> = {
  slow: { ...done(), faults: ['slow:20'] },
  held: done('SENT'),
  'answer-held': done('SENT'),
  'answer-lost': done('SENT'),
  'confirm-answer-lost': notRevoke(done('SAVED')),
  'cut-body': done('SENT'),
  'http-500': done('SENT'),
  'html-200': done('SENT'),
  redirect: done('SENT'),
  'die-before-commit': done('SENT'),
  'die-after-commit': done('SENT'),
  'mac-wrong': onlyMac(DISBELIEVED),
  'mac-sha1': onlyMac(done()),
  iterations: { ...onlyMac(DISBELIEVED), faults: ['iterations:200001'] },
  'transaction-wrong': DISBELIEVED,
  'nonce-wrong': DISBELIEVED,
  unprotected: DISBELIEVED,
  'unprotected-error': { ...notRevoke(done('SAVED')), faults: ['confirm-refuse:10', 'unprotected-error'] },
  'signed-by-user': DISBELIEVED,
  'other-key': rejected('certificate-key'),
  swapped: rejected('certificate-key'),
  'other-issuer': rejected('certificate-untrusted'),
  'usage-wrong': rejected('certificate-usage'),
  'ends-soon': rejected('certificate-ends-soon'),
  'one-of-two': rejected('request-ids'),
  'extra-certReqId': rejected('request-ids'),
  refuse: { ...REFUSED, faults: ['refuse:23'] },
  'refuse-korean': REFUSED,
  'confirm-refuse': { ...notRevoke(done('SAVED')), faults: ['confirm-refuse:10'] },
  'status-html': notRevoke(done()),
  'caPubs-foreign': notRevoke(done()),
  wait: { ...notRevoke(done('WAITING')), faults: ['wait:2'] },
  'pending-unknown': { ...unclear('pending-unknown'), revoke: null },
  'ocsp-later': unclear('ocsp-later'),
  'ocsp-stale': unclear('ocsp-stale'),
  'ocsp-no-nonce': unclear('ocsp-no-nonce'),
  'ocsp-other-nonce': unclear('ocsp-other-nonce'),
  'ocsp-other-serial': unclear('ocsp-other-serial'),
  'ocsp-wrong-signer': unclear('ocsp-wrong-signer'),
  'crl-stale': unclear('ocsp-later', 'crl-stale'),
  'crl-indirect': unclear('ocsp-later', 'crl-indirect'),
  'crl-older-number': unclear('ocsp-later', 'crl-older-number'),
};

/** Faults that end only with the process of the authority. */
const STOPS: ReadonlySet<string> = new Set(['held', 'answer-held', 'die-before-commit', 'die-after-commit']);
const OF_STATUS: ReadonlySet<string> = new Set([...FAULTS.ocsp, ...FAULTS.crl]);

let ca: TestCa;
let desk: LifecycleDesk;
let wallet: Wallet;
/** Public keys (SPKI, hex) of all pairs that the run made. */
let made: string[];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

beforeAll(async () => {
  ca = await TestCa.start({
    die: () => {
      throw new Error('dead');
    },
  });
});
afterAll(async () => ca.close());
beforeEach(async () => {
  await ca.post('/test/faults', { faults: [] });
  desk = await LifecycleDesk.open(ca);
  wallet = desk.profile.wallet();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Remembers the pairs that are made from now on. The authority makes its own on the way. */
function watchKeys(): void {
  made = [];
  const { generateKey } = crypto.subtle;
  vi.spyOn(crypto.subtle, 'generateKey').mockImplementation(async (...given: Parameters<typeof generateKey>) => {
    const pair = (await generateKey.apply(crypto.subtle, given)) as unknown as CryptoKeyPair;
    if ('publicKey' in pair) made.push(hex(new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))));
    return pair;
  });
}

/** Public keys whose private halves are in an entry of the journal, and in a record of a certificate. */
async function keysKept(): Promise<{ readonly journal: readonly string[]; readonly items: readonly string[] }> {
  const store = desk.profile.store();
  const { listKey } = await desk.profile.sessions().require();
  const head = await readHead((await store.heads())[0]);
  const { entries } = await openJournal(store, head, listKey);
  const journal = entries.flatMap(({ keys }) => keys.map(({ spki }) => hex(spki)));
  const ids = head.items.filter(({ k }) => k === 'I').map(({ id }) => id);
  const items = await Promise.all(ids.map((id) => openItem(store, head, listKey, id)));
  const certificates = items.flatMap(({ signCertificate, kmCertificate }) => [signCertificate, kmCertificate].filter((one) => one !== null));
  return { journal, items: certificates.map((der) => hex(readCertificate(der).spki)) };
}

interface Begun {
  readonly run: LifecycleRun;
  readonly old: string | null;
  /** States at the authority, as `Fate.authority`. */
  readonly states: () => Promise<readonly [string, string]>;
}

async function begin(act: Act, faults: readonly string[]): Promise<Begun> {
  const order = act === 'issue' ? await desk.numbers() : null;
  const old = act === 'issue' ? null : await desk.issued(wallet);
  if (act === 'renew') ca.ahead += 1000; // certificates have whole seconds
  const serials = (await ca.rows('certificates')).map(({ serial }) => String(serial));
  const before = serials.length;
  if (act === 'release') expect((await ca.post('/ra/holds', { serial: serials.at(-2) })).status).toBe(200);
  await desk.faults(...faults);
  watchKeys();
  const { lifecycle } = wallet;
  const change = (reason: 'keyCompromise' | 'hold' | 'release'): Promise<LifecycleRun> =>
    lifecycle.revoke({ certificate: { id: old! }, reason, numbers: null, secret: BY_PASSWORD }, desk.running);
  const running = {
    issue: () => lifecycle.issue(order!, desk.running),
    renew: () => lifecycle.renew({ id: old!, idNumber: null, secret: BY_PASSWORD }, desk.running),
    revoke: () => change('keyCompromise'),
    hold: () => change('hold'),
    release: () => change('release'),
  }[act]();
  if (faults.some((fault) => STOPS.has(fault))) {
    await until('the authority stops', async () => (await ca.faults()).length === 0 || null);
    await ca.restart();
  }
  const states = async (): Promise<readonly [string, string]> => {
    const rows = (await ca.rows('certificates')).map(({ state }) => String(state));
    const [number] = (await ca.rows('registrations')).filter(({ reference }) => reference === order?.reference);
    const fresh = [...new Set(rows.slice(before))];
    return [fresh.join() || 'none', order === null ? [...new Set(rows.slice(before - 2, before))].join() : String(number?.['state'])];
  };
  return { run: await running, old, states };
}

/** As a person would, as often as the run lets; whoever has to wait waits. */
async function goOn(first: LifecycleRun): Promise<LifecycleRun> {
  let run = first;
  for (let tries = 0; run.canResume && tries < 5; tries++) {
    if (run.state === 'WAITING') desk.profile.now = Math.max(desk.profile.now, run.dueAt!);
    run = await wallet.lifecycle.resume(run.id, run.needsSecret ? BY_PASSWORD : null, desk.running);
  }
  return run;
}

/** Each key that was made is where the state says, and nowhere else. */
async function expectKeys({ state }: LifecycleRun, act: Act): Promise<void> {
  const hasNone = isStateAct(act) || state === 'FAILED';
  const { journal, items } = await keysKept();
  const own = made.filter((key) => journal.includes(key) || items.includes(key));
  expect(own).toHaveLength(hasNone ? 0 : 2);
  const inItem = state === 'SAVED' || state === 'CONFIRMED';
  expect(own.filter((key) => (inItem ? items : journal).includes(key))).toEqual(own);
  expect(journal).toHaveLength(inItem || hasNone ? 0 : 2);
}

interface States {
  /** At the authority before it was done, and afterwards. */
  readonly before: string;
  readonly after: string;
  /** What the wallet calls it then. */
  readonly word: string;
}

const STATES: Readonly<Record<StateAct, States>> = {
  revoke: { before: 'active', after: 'revoked', word: 'revoked' },
  hold: { before: 'active', after: 'held', word: 'on-hold' },
  release: { before: 'held', after: 'active', word: 'good' },
};

const isStateAct = (act: Act): act is StateAct => act !== 'issue' && act !== 'renew';

function fateOf(act: Act, row: Row): Fate | null {
  if (!isStateAct(act) || row.revoke === null) return row[isStateAct(act) ? 'revoke' : act];
  const { before, after } = STATES[act];
  const [fresh, state] = row.revoke.authority;
  return { ...row.revoke, authority: [fresh, state === 'revoked' ? after : before] };
}

const CASES = (['issue', 'renew', 'revoke', 'hold', 'release'] as const).flatMap((act) =>
  Object.entries(TABLE).flatMap(([name, row]) => {
    const fate = fateOf(act, row);
    // One word of the responder or the list stands for all three.
    return fate === null || (OF_STATUS.has(name) && (act === 'hold' || act === 'release')) ? [] : [[act, name, row.faults ?? [name], fate] as const];
  }),
);

describe('[F28] an authority that does wrong in every way it knows', () => {
  it.each(CASES)('%s, %s: no key is lost, nothing is taken that may not be, and its owner is told', async (act, name, faults, fate) => {
    const later = act === 'revoke' && OF_STATUS.has(name);
    const { run, old, states } = await begin(act, later ? [] : faults);
    expect(run.state).toBe(fate.ends[0]);
    expect(await ca.faults()).toEqual([]);
    await expectKeys(run, act);
    const end = await goOn(run);
    expect([end.state, end.refusal?.flaw ?? end.refusal?.word]).toEqual([fate.ends[1], fate.told]);
    expect(await states()).toEqual(fate.authority);
    await expectKeys(end, act);
    if (later) {
      await desk.faults(...faults.slice(1));
      await wallet.revocation.check([old!]);
    }
    const rows = await wallet.rows();
    expect(rows).toHaveLength((old === null ? 0 : 1) + (!isStateAct(act) && end.state === 'CONFIRMED' ? 1 : 0));
    if (isStateAct(act)) expect(rows[0]?.revocation?.word?.state).toBe(end.state === 'CONFIRMED' ? STATES[act].word : undefined);
    if (end.state === 'SENT') {
      expect(await codeOf(() => wallet.lifecycle.forget(end.id))).toBe('ca.waiting');
      const given = await wallet.lifecycle.abandon(end.id);
      expect(given.state).toBe('UNKNOWN');
      await expectKeys(given, act);
    } else {
      await wallet.lifecycle.forget(end.id);
      expect(await wallet.lifecycle.runs()).toEqual([]);
    }
    if (act === 'renew') expect(rows.find(({ id }) => id === old)?.replacedBy ?? null).toBe(end.state === 'CONFIRMED' ? end.item : null);
  });
});

describe('the table', () => {
  it('has a row for each fault', () => {
    expect(Object.keys(TABLE).sort()).toEqual(Object.values(FAULTS).flat().sort());
  });

  it.each(['issue', 'renew', 'revoke'] as const)('leaves out of %s only faults that wait in vain', async (act) => {
    const out = Object.entries(TABLE).flatMap(([name, row]) => (row[act] === null ? [`${name}:1`] : []));
    const { run } = await begin(act, out);
    expect(run.state).toBe('CONFIRMED');
    expect(await ca.faults()).toEqual(out);
  });
});
