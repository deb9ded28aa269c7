/** Everything the parts of the authority share: keys, tables, clock, settings. */
import type { DatabaseSync } from 'node:sqlite';
import type { Certificates } from './certificates.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { CaKeys } from './keys.ts';
import type { StatusAddresses } from './profile.ts';
import type { Registrations } from './registrations.ts';
import type { SerialForm } from './serials.ts';
import type { Transactions } from './transactions.ts';

export interface CaSettings {
  /** How long issued certificates wait for their confirmation. */
  readonly confirmWaitMs: number;
  /** Renewal opens that many days, by the Korean calendar, before the certificate ends. */
  readonly renewalDays: number;
  /** A certificate that was held that long is revoked. */
  readonly holdDays: number;
  readonly serials: SerialForm;
}

export interface CaContext {
  readonly keys: CaKeys;
  readonly database: DatabaseSync;
  readonly certificates: Certificates;
  readonly registrations: Registrations;
  readonly transactions: Transactions;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly addresses: StatusAddresses;
  readonly settings: CaSettings;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** For tests: the authority stops dead, in the middle of what it does. */
  readonly die: () => never;
}
