/** The demo certificate authority: a real HTTP server on this computer alone, over the keys and the database of the demo. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { toBase64Url } from '../../lib/bytes/base64.ts';
import { readCertificate } from '../../lib/npki/certificate.ts';
import type { DemoAuthority } from '../authority.ts';
import { addressOf, openLoopback } from '../loopback.ts';
import { Certificates } from './certificates.ts';
import { withdrawLate } from './cmp/confirm.ts';
import type { CaContext, CaSettings } from './context.ts';
import { inTransaction, openDatabase } from './database.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { readCaKeys, type CaKeys } from './keys.ts';
import { revokeLongHeld } from './lifecycle.ts';
import { statusAddresses } from './profile.ts';
import { Registrations } from './registrations.ts';
import { Routes } from './routes.ts';
import { Transactions } from './transactions.ts';
import { Turns } from './turns.ts';

export interface CaOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The certificates and keys it stands on. */
  readonly authority: DemoAuthority;
  /** Milliseconds since 1970 UTC; the system's clock unless told otherwise. */
  readonly clock?: () => number;
  readonly settings?: Partial<CaSettings>;
  /** Serves /test/, takes fixed numbers, and its token is `test`. */
  readonly test?: boolean;
  /** What a fault that kills the authority does; ends the process unless told otherwise. */
  readonly die?: () => never;
}

export interface Ca {
  /** `http://127.0.0.1:4081`, without a slash at the end. */
  readonly url: string;
  /** What the bank's server shows at the registration office. */
  readonly token: string;
  close(): Promise<void>;
}

const SETTINGS: CaSettings = { confirmWaitMs: 10 * 60_000, renewalDays: 30, holdDays: 180, serials: 'usual' };

/** How often it looks what is due; every request does too. */
const CLOCK_MS = 10_000;

function endProcess(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('dead');
}

/** Enters the people that the demo starts with, so that their certificates have a status and can be renewed. */
async function enterPeople(database: DatabaseSync, { people }: DemoAuthority): Promise<void> {
  const certificates = new Certificates(database);
  if (!certificates.isEmpty()) return;
  const read = await Promise.all(
    people.map(async (person) => {
      const load = async (name: string) => readCertificate(new Uint8Array(await readFile(join(person.folder, name))));
      return { person, sign: await load('signCert.der'), km: await load('kmCert.der') };
    }),
  );
  inTransaction(database, () => {
    for (const { person, sign, km } of read) {
      certificates.nextHolder();
      const { id } = certificates.addHolder({ ...person, subject: sign.subject.der });
      certificates.add(sign, 'sign', id, 'active', sign.notBefore);
      certificates.add(km, 'km', id, 'active', km.notBefore);
    }
  });
}

interface Ground {
  readonly keys: CaKeys;
  readonly database: DatabaseSync;
  readonly url: string;
}

function contextOf({ keys, database, url }: Ground, { clock = Date.now, settings, die = endProcess }: CaOptions): CaContext {
  return {
    keys,
    database,
    certificates: new Certificates(database),
    registrations: new Registrations(database),
    transactions: new Transactions(database),
    journal: new Journal(database),
    faults: new Faults(),
    addresses: statusAddresses(url),
    settings: { ...SETTINGS, ...settings },
    clock,
    die,
  };
}

/** Takes a turn now and then, for what is due by the clock; gives what stops it. */
function runClock(turns: Turns): () => void {
  const timer = setInterval(() => void turns.take(() => Promise.resolve()), CLOCK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/**
 * Starts the authority. One at a time may run over a folder.
 * @throws where the port is taken, or the database is not of this demo
 */
export async function startCa(options: CaOptions): Promise<Ca> {
  const { port, authority, test = false } = options;
  const keys = await readCaKeys(authority.caFolder, authority.root);
  const database = openDatabase(join(authority.caFolder, 'ca.sqlite'));
  await enterPeople(database, authority);
  const server = await openLoopback('127.0.0.1', port).catch((thrown: unknown) => {
    database.close();
    throw thrown;
  });
  const { url } = server;
  const ca = contextOf({ keys, database, url }, options);
  const token = test ? 'test' : toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const turns = new Turns(() => {
    withdrawLate(ca);
    revokeLongHeld(ca);
  });
  await turns.take(() => Promise.resolve());
  const stopClock = runClock(turns);
  const routes = new Routes(ca, { token, test, turns });
  server.serve((request) => routes.answer(request, addressOf(request.url, url).pathname));
  return {
    url,
    token,
    async close() {
      stopClock();
      await server.close();
      await turns.take(() => Promise.resolve());
      database.close();
    },
  };
}
