/** Asking authorities whether certificates are revoked, only ever by a choice of the owner, and keeping what they say. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { koreanDay } from '../calendar/korea.ts';
import { certificateFingerprint, readCertificate, type Certificate } from '../npki/certificate.ts';
import { checkPath } from '../trust/path.ts';
import { statusAddresses, type StatusAddresses } from '../trust/status/addresses.ts';
import { askStatus, type StatusAnswer, type StatusExchange, type StatusResult } from '../trust/status/ask.ts';
import type { Good, Revoked } from '../trust/status/state.ts';
import { saveSettings } from '../vault/settings-record.ts';
import type { OpenItem } from '../vault/item.ts';
import type { CaEntry } from '../cmp/directory/entry.ts';
import type { CertificateState } from '../cmp/settle.ts';
import type { DirectoryPorts } from './lifecycle/directory.ts';
import { changeOpen, type NewestPorts } from './newest.ts';
import { presentItem } from './open-items.ts';
import type { Random, TextStore } from './ports.ts';
import type { RevocationApi, RevocationChoice, RevocationNote, RevocationPlace, RevocationWord } from './revocation-api.ts';
import { readRevocationNotes, writeRevocationNotes, type RevocationNotes } from './revocation-notes.ts';
import { signCertificate } from './rows.ts';

export interface RevocationPorts extends NewestPorts, DirectoryPorts {
  readonly random: Random;
  readonly revocationNotes: TextStore;
  /** One exchange with a host that the directory has for the authority of an id. @throws `ca.unreachable` */
  readonly ask: (exchange: StatusExchange & { readonly caId: string }) => Promise<StatusAnswer>;
}

/** A certificate whose authority may be asked. */
interface Target {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly root: Certificate;
  readonly entry: CaEntry;
  readonly addresses: StatusAddresses;
}

const LOCK = 'djw1-revocation';

function hostsIn(addresses: readonly string[], allowed: readonly string[]): string[] {
  return addresses.filter((address) => allowed.includes(new URL(address).host));
}

/** The certificates from the holder's to a root of the directory, at the last time when it was within its dates; null without. */
async function pathOf(leaf: Certificate, chain: readonly Bytes[], roots: readonly Certificate[], known: readonly Certificate[], now: number) {
  const at = Math.max(Math.min(now, leaf.notAfter), leaf.notBefore);
  const intermediates = [...chain.map((der) => readCertificate(der)), ...known];
  return checkPath({ leaf, intermediates, anchors: roots, at }).catch(() => null);
}

/** Whether an answer was made before the authority changed the state itself, and does not know of it. Revoked is for ever. */
function isOutdated(told: RevocationWord, answer: Good | Revoked): boolean {
  if (told.source !== 'cmp' || (answer.state === 'revoked' && answer.reason !== 'certificateHold')) return false;
  return told.state === 'revoked' || answer.thisUpdate < told.at;
}

/** What is known after an answer: no answer takes nothing away from what was known before. */
function noteAfter(before: RevocationNote | undefined, { state, source }: StatusResult, now: number): RevocationNote {
  if (state.state === 'unknown' || source === null) {
    return { word: before?.word ?? null, failed: { at: now, why: state.state === 'unknown' ? state.why : 'malformed' } };
  }
  if (before?.word && isOutdated(before.word, state)) return { word: before.word, failed: null };
  if (state.state === 'good') return { word: { state: 'good', at: now, source, since: null, reason: null }, failed: null };
  const { at: since, reason } = state;
  return { word: { state: reason === 'certificateHold' ? 'on-hold' : 'revoked', at: now, source, since, reason }, failed: null };
}

export class Revocations implements RevocationApi {
  readonly #ports: RevocationPorts;

  constructor(ports: RevocationPorts) {
    this.#ports = ports;
  }

  async place(id: string): Promise<RevocationPlace | null> {
    const target = await this.#target(presentItem((await this.#ports.door.item(id)).item));
    if (target === null) return null;
    const { entry, addresses } = target;
    const hosts = [...addresses.ocsp, ...addresses.crl].map((address) => new URL(address).hostname);
    return { authority: entry.name, hosts: [...new Set(hosts)], patterns: this.#ports.hostsOf({ ...entry, cmp: null }) };
  }

  check(ids: readonly string[]): Promise<void> {
    return this.#ports.withLock(LOCK, () => this.#check(ids));
  }

  async choice(): Promise<RevocationChoice> {
    return (await this.#ports.door.settings()).revocation;
  }

  choose({ daily, renewal }: RevocationChoice): Promise<void> {
    const { random } = this.#ports;
    return changeOpen(this.#ports, (base) =>
      saveSettings({ ...base, random, change: (settings) => ({ ...settings, revocation: { daily, renewal } }) }),
    );
  }

  async checkDaily(): Promise<boolean> {
    const { clock, door, withLock } = this.#ports;
    if (!(await this.choice()).daily) return false;
    return withLock(LOCK, async () => {
      const today = koreanDay(clock());
      if ((await this.#notes()).lastDay === today) return false;
      const ids = (await door.rows()).filter(({ notBefore, notAfter }) => notBefore <= clock() && clock() <= notAfter).map(({ id }) => id);
      // A window that is closed meanwhile leaves the day open for the next one; silence of an authority does not.
      await this.#check(ids, today);
      return ids.length > 0;
    });
  }

  async checkForRenewal(id: string): Promise<boolean> {
    if (!(await this.choice()).renewal) return false;
    await this.check([id]);
    return true;
  }

  /** Checks one certificate as `check` does, for what its authority says now. Never throws. */
  async stateOf(id: string): Promise<CertificateState> {
    try {
      await this.check([id]);
      const note = (await this.#notes()).notes.get(id);
      if (!note?.word || note.failed) return 'unknown';
      return note.word.state === 'on-hold' ? 'held' : note.word.state;
    } catch {
      return 'unknown';
    }
  }

  /** Keeps to what state the authority changed a record's certificate, for offers from now on. Never throws: a check tells it, too. */
  async noteState(id: string, state: RevocationWord['state']): Promise<void> {
    const { clock, withLock } = this.#ports;
    const at = clock();
    const reason = state === 'on-hold' ? 'certificateHold' : null;
    const note: RevocationNote = { word: { state, at, source: 'cmp', since: state === 'good' ? null : at, reason }, failed: null };
    const keep = async (): Promise<void> => {
      const before = await this.#notes();
      // A check may have said so, and more.
      if (before.notes.get(id)?.word?.state === 'revoked') return;
      await this.#keep({ ...before, notes: new Map([...before.notes, [id, note]]) });
    };
    await withLock(LOCK, keep).catch(() => undefined);
  }

  /** @param today the day that is done with this, where it is */
  async #check(ids: readonly string[], today: number | null = null): Promise<void> {
    const { door, clock } = this.#ports;
    const { lastDay, ...before } = await this.#notes();
    let { notes, lists, told } = before;
    for (const id of ids) {
      const result = await this.#ask(presentItem((await door.item(id)).item), lists);
      notes = new Map([...notes, [id, noteAfter(notes.get(id), result, clock())]]);
      if (result.toldTime !== null) told = { theirs: result.toldTime, ours: clock() };
      if (result.list !== null) lists = new Map([...lists, [result.list.url, result.list.number]]);
    }
    await this.#keep({ notes, lists, told, lastDay: today ?? lastDay });
  }

  /** Writes the notes, as far as their certificates are here, and tells the rows of it. */
  async #keep({ notes, ...others }: RevocationNotes): Promise<void> {
    const { door, revocationNotes } = this.#ports;
    const { head, listKey } = await door.requireOpen();
    try {
      const here = new Set(head.items.map((item) => item.id));
      await revocationNotes.write(writeRevocationNotes({ ...others, notes: new Map([...notes].filter(([id]) => here.has(id))) }));
      await door.refresh(head, listKey);
    } finally {
      wipe(listKey);
    }
  }

  async #notes(): Promise<RevocationNotes> {
    return readRevocationNotes(await this.#ports.revocationNotes.read());
  }

  async #ask(item: OpenItem, seen: RevocationNotes['lists']): Promise<StatusResult> {
    const { ask, clock, random } = this.#ports;
    const target = await this.#target(item);
    if (target === null) return { state: { state: 'unknown', why: 'no-address' }, source: null, list: null, toldTime: null };
    const { certificate, issuer, root, entry, addresses } = target;
    const ports = { clock, random, ask: (exchange: StatusExchange) => ask({ ...exchange, caId: entry.id }) };
    // Korean responders are certified by the root and not by the authority they answer for.
    return askStatus({ certificate, authority: { issuer, appointing: [root] }, addresses, seen }, ports);
  }

  /** Whom to ask: an authority of the directory to which signatures lead, at such of the certificate's addresses as are its own. */
  async #target(item: OpenItem): Promise<Target | null> {
    const certificate = signCertificate(item);
    const { entries, certificates } = await this.#ports.directory();
    const prints = new Map(await Promise.all(certificates.map(async (one) => [one, await certificateFingerprint(one)] as const)));
    const named = (print: string | undefined, of: 'issuers' | 'roots') => entries.filter((entry) => entry[of].includes(print ?? ''));
    const roots = certificates.filter((one) => named(prints.get(one), 'roots').length > 0);
    const path = await pathOf(certificate, item.chain, roots, certificates, this.#ports.clock());
    const [issuer, root] = [path?.[1], path?.at(-1)];
    if (issuer === undefined || root === undefined) return null;
    const print = await certificateFingerprint(issuer);
    const entry = named(print, 'issuers').find((one) => one.roots.includes(prints.get(root) ?? ''));
    if (!entry) return null;
    const { ocsp, crl } = statusAddresses(certificate);
    const addresses = { ocsp: hostsIn(ocsp, entry.ocspHosts), crl: hostsIn(crl, entry.crlHosts) };
    return addresses.ocsp.length + addresses.crl.length === 0 ? null : { certificate, issuer, root, entry, addresses };
  }
}
