/**
 * The registration office (등록대행기관): after the bank has seen who somebody is, it gives out the two numbers that an
 * application is made with, and revokes, holds and releases at the counter.
 */
import { REVOCATION_REASONS } from '../../lib/cmp/revocation.ts';
import { WalletError } from '../../lib/errors.ts';
import type { CertificateStatus } from '../../lib/verify/verifier.ts';
import { DAY, holderDigits } from '../issue.ts';
import type { Holder, Registered } from './certificates.ts';
import type { CaContext } from './context.ts';
import { inTransaction } from './database.ts';
import { changeStates, type Change } from './lifecycle.ts';
import { groupedCode, makeCode, makeReference } from './numbers.ts';
import type { ChangeRequest, RegisterRequest } from './office-requests.ts';
import { holderSubject } from './profile.ts';
import type { RegistrationFields } from './registrations.ts';

/** How long a reference number is good. */
const LIFE_DAYS = 14;

export interface Numbers {
  readonly referenceNumber: string;
  /** Grouped by hyphens. */
  readonly authorizationCode: string;
  /** Last moment they are good, milliseconds since 1970 UTC. */
  readonly expires: number;
  /** Whether a certificate for encryption comes with it. */
  readonly km: boolean;
  /** Serials of the certificates that fall when the new ones are confirmed. */
  readonly replaces: readonly string[];
}

export interface ListedCertificate {
  readonly serial: string;
  readonly name: string;
  readonly policy: string;
  readonly notAfter: number;
  readonly state: Registered['state'];
  readonly reason: number | null;
}

function isAlive({ state }: Registered): boolean {
  return state === 'active' || state === 'held';
}

function serialsOf(certificates: readonly Registered[]): string[] {
  return certificates.filter(isAlive).map(({ serial }) => serial);
}

export class Office {
  readonly #ca: CaContext;

  constructor(ca: CaContext) {
    this.#ca = ca;
  }

  #give(fields: Omit<RegistrationFields, 'ends' | 'reference' | 'code'>, fixed: RegisterRequest['fixed']): Numbers {
    const { registrations, journal, clock } = this.#ca;
    const numbers = fixed ?? { reference: makeReference(), code: makeCode() };
    if (registrations.find(numbers.reference) !== null) throw new WalletError('request.duplicate', { detail: 'reference number' });
    const { ends } = registrations.add({ ...fields, ...numbers, ends: clock() + LIFE_DAYS * DAY });
    journal.write(clock(), 'registered', `${fields.act} ${numbers.reference}`);
    return {
      referenceNumber: numbers.reference,
      authorizationCode: groupedCode(numbers.code),
      expires: ends,
      km: fields.km,
      replaces: fields.oldSerials,
    };
  }

  #newHolder({ realName, latin, unit, idNumber, policy }: RegisterRequest): Holder {
    const { certificates, clock } = this.#ca;
    const subject = holderSubject({ realName, latin, unit }, holderDigits(clock(), certificates.nextHolder()));
    return certificates.addHolder({ realName, idNumber, policy, subject });
  }

  /** 발급: numbers for a new certificate. One person has one certificate of a class, so older ones fall with its confirmation. */
  register(request: RegisterRequest): Numbers {
    const { certificates, database } = this.#ca;
    return inTransaction(database, () => {
      const sameClass = certificates.holdersOf(request.idNumber).filter(({ policy }) => policy === request.policy);
      const oldSerials = sameClass.flatMap(({ id }) => serialsOf(certificates.ofHolder(id)));
      const { km, days, waits, vid } = request;
      const holder = this.#newHolder(request).id;
      return this.#give({ act: 'issue', holder, km, days, notAfter: null, waits, vid, oldSerials }, request.fixed);
    });
  }

  #signCertificate(serial: string): Registered {
    const found = this.#ca.certificates.find(serial);
    if (found?.kind !== 'sign') throw new WalletError('certificate.not-found');
    return found;
  }

  /** The living certificates of the holder, sign and km. */
  #together({ holder }: Registered): Registered[] {
    return this.#ca.certificates.ofHolder(holder).filter(isAlive);
  }

  /** 재발급: numbers for a certificate with the end date of an old one, which falls when the new one is confirmed. */
  reissue({ serial }: ChangeRequest): Numbers {
    const old = this.#signCertificate(serial);
    if (!isAlive(old)) throw new WalletError('certificate.revoked');
    const together = this.#together(old);
    const km = together.some(({ kind }) => kind === 'km');
    const { notAfter } = old.certificate;
    if (notAfter < this.#ca.clock()) throw new WalletError('certificate.expired');
    const vid = (old.certificate.identity?.vid ?? null) !== null;
    const fields = { act: 'reissue', holder: old.holder, km, days: 0, notAfter, waits: 0, vid, oldSerials: serialsOf(together) } as const;
    return inTransaction(this.#ca.database, () => this.#give(fields, null));
  }

  /** 폐기 by a message of the holder who has lost the key: numbers for it. */
  revokeByHolder({ serial }: ChangeRequest): Numbers {
    const old = this.#signCertificate(serial);
    const fields = { act: 'revoke', holder: old.holder, km: false, days: 0, notAfter: null, waits: 0, vid: false } as const;
    return inTransaction(this.#ca.database, () => this.#give({ ...fields, oldSerials: serialsOf(this.#together(old)) }, null));
  }

  #change({ serial }: ChangeRequest, reason: number): Change {
    return changeStates(this.#ca, this.#together(this.#signCertificate(serial)), reason);
  }

  /** 폐기 at the counter: the sign and the km certificate, for ever. */
  revoke(request: ChangeRequest): Change {
    return this.#change(request, request.reason ?? REVOCATION_REASONS.cessationOfOperation);
  }

  /** 효력정지 at the counter. */
  hold(request: ChangeRequest): Change {
    return this.#change(request, REVOCATION_REASONS.hold);
  }

  /** 효력회복 at the counter. */
  release(request: ChangeRequest): Change {
    return this.#change(request, REVOCATION_REASONS.release);
  }

  /** What the register says of a serial, for a bank that checks a sign-in. */
  status({ serial }: ChangeRequest): CertificateStatus {
    const found = this.#ca.certificates.find(serial);
    if (found === null) return 'unknown';
    return found.state === 'held' || found.state === 'revoked' ? 'revoked' : 'good';
  }

  /** The sign certificates of a person, living and fallen ones. */
  list(idNumber: string): ListedCertificate[] {
    const { certificates } = this.#ca;
    return certificates.holdersOf(idNumber).flatMap(({ id, realName, policy }) =>
      certificates
        .ofHolder(id)
        .filter(({ kind, state }) => kind === 'sign' && state !== 'pending')
        .map(({ serial, certificate, state, reason }) => ({ serial, name: realName, policy, notAfter: certificate.notAfter, state, reason })),
    );
  }
}
