/** The authorities that are known here: those that are shipped, and tests that the owner added. */
import { findAuthority } from '../../cmp/directory/directory.ts';
import type { CaEntry } from '../../cmp/directory/entry.ts';
import { partnerOf, type Partner } from '../../cmp/directory/partner.ts';
import { equal } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { certificateFingerprint, type Certificate } from '../../npki/certificate.ts';
import type { AuthorityRow } from '../lifecycle-api.ts';

export interface Directory {
  readonly entries: readonly CaEntry[];
  /** Where certificates that entries name by fingerprint are found. */
  readonly certificates: readonly Certificate[];
}

export interface DirectoryPorts {
  readonly directory: () => Promise<Directory>;
  /** Match patterns of the hosts of an entry. */
  readonly hostsOf: (entry: CaEntry) => readonly string[];
}

export class Authorities {
  readonly #ports: DirectoryPorts;

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
  }

  async rows(): Promise<readonly AuthorityRow[]> {
    const { entries } = await this.#ports.directory();
    return entries.map((entry) => this.#row(entry));
  }

  async row(id: string): Promise<AuthorityRow | null> {
    const entry = findAuthority(id, (await this.#ports.directory()).entries);
    return entry && this.#row(entry);
  }

  /** Whether an authority answers the same request the same way; false where it is not known. */
  async resends(id: string): Promise<boolean> {
    const { entries } = await this.#ports.directory();
    return findAuthority(id, entries)?.cmp?.adapter.resend ?? false;
  }

  /** @throws `ca.unreachable` */
  async partner(id: string): Promise<Partner> {
    const { entries, certificates } = await this.#ports.directory();
    const entry = findAuthority(id, entries);
    if (entry === null) throw new WalletError('ca.unreachable', { detail: 'authority' });
    return partnerOf(entry, certificates);
  }

  /** The entry whose issuing certificate has the name that a certificate gives as its issuer's. */
  async issuerOf({ issuer }: Certificate): Promise<AuthorityRow | null> {
    const { entries, certificates } = await this.#ports.directory();
    const named = certificates.filter(({ subject }) => equal(subject.der, issuer.der));
    const fingerprints = await Promise.all(named.map(certificateFingerprint));
    const entry = entries.find(({ issuers }) => issuers.some((one) => fingerprints.includes(one)));
    return entry ? this.#row(entry) : null;
  }

  #row(entry: CaEntry): AuthorityRow {
    const { id, name, test, cmp, holdMonths } = entry;
    const asksNumber = cmp !== null && cmp.adapter.vid !== 'no' && cmp.adapter.vidNumber === 'ask';
    return { id, name, test, here: cmp !== null, hosts: this.#ports.hostsOf(entry), holds: cmp?.adapter.holds ?? false, holdMonths, asksNumber };
  }
}
