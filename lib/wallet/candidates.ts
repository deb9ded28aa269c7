/** Rows of the import as screens see them: what is in the wallet already, which of several copies counts, what is renewed. */
import { partsFor, promise, worth, type Contents } from './record-parts.ts';
import type { ImportCandidate, RecordPart } from './model.ts';
import type { Described, FoundInFiles, OpenedInContainer, OpenedKeyPair, Refused, Sealed } from './ports.ts';

interface Named {
  readonly id: string;
  /** As `Described.names`. */
  readonly names: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate of the open wallet, and what its record has beside it. */
export interface Held extends Named, Contents {
  readonly fingerprint: string;
}

/** One thing found, with what was opened of it. The screen gets candidates, which know more: all rows and the wallet. */
export interface Row {
  readonly key: string;
  readonly path: string;
  readonly form: ImportCandidate['form'];
  readonly certificate: Described | null;
  readonly hasKm: boolean;
  readonly plain: boolean;
  readonly sealed: Sealed | null;
  state: 'sealed' | 'opened' | 'wrong-password' | 'refused';
  refusal: Refused | null;
  sign: OpenedKeyPair | null;
  km: OpenedKeyPair | null;
  /** The km key never opens, whatever the password. */
  kmBroken: boolean;
}

const WRONG: Refused = { code: 'password.file-wrong', detail: null };

export function rowOf(found: FoundInFiles, key: string): Row {
  const { path, form, refusal, certificate, hasKm, plain, sealed } = found;
  const state = refusal ? 'refused' : 'sealed';
  return { key, path, form, certificate, hasKm, plain, sealed, state, refusal, sign: null, km: null, kmBroken: false };
}

/** The rows that take the place of a container. */
export function rowsInside(container: Row, opened: readonly OpenedInContainer[]): Row[] {
  const { key, path, form } = container;
  return opened.map(({ refusal, certificate, plain: openKey, sign, km }, nth) => {
    const plain = container.plain || openKey;
    const state = refusal ? 'refused' : 'opened';
    return { key: `${key}/${nth}`, path, form, certificate, hasKm: km !== null, plain, sealed: null, state, refusal, sign, km, kmBroken: false };
  });
}

function isContainer({ sealed }: Row): boolean {
  return sealed?.kind === 'container';
}

/** Its certificate's fingerprint, where it is the row of one certificate that can be taken. */
function fingerprintOf(row: Row): string | null {
  return row.state === 'refused' || isContainer(row) ? null : (row.certificate?.facts.fingerprint ?? null);
}

/** What is open first; then what could come of it. */
function isBetter(row: Row, other: Row, held: Held | undefined): boolean {
  const more = worth(row, held) - worth(other, held);
  return more > 0 || (more === 0 && promise(row, held) > promise(other, held));
}

/** All rows looked at together, and the wallet. */
export class Survey {
  readonly #held: ReadonlyMap<string, Held>;
  /** Certificates of the wallet and of the rows that count, by issuer and subject. */
  readonly #named = new Map<string, Named[]>();
  readonly #best = new Map<string, Row>();

  constructor(rows: readonly Row[], held: readonly Held[]) {
    this.#held = new Map(held.map((one) => [one.fingerprint, one]));
    for (const row of rows) {
      const fingerprint = fingerprintOf(row);
      if (fingerprint === null) continue;
      const best = this.#best.get(fingerprint);
      if (!best || isBetter(row, best, this.#held.get(fingerprint))) this.#best.set(fingerprint, row);
    }
    for (const one of held) this.#name(one);
    for (const { key, certificate } of this.#best.values()) {
      if (certificate && !this.#held.has(certificate.facts.fingerprint)) this.#name({ id: key, names: certificate.names, ...certificate.facts });
    }
  }

  #name(one: Named): void {
    const same = this.#named.get(one.names);
    if (same) same.push(one);
    else this.#named.set(one.names, [one]);
  }

  /** The wallet's record of its certificate. */
  #heldAs(row: Row): Held | undefined {
    const fingerprint = fingerprintOf(row);
    return fingerprint === null ? undefined : this.#held.get(fingerprint);
  }

  /** Whether the wallet has its certificate and lacks nothing that it could bring. */
  isPresent(row: Row): boolean {
    const held = this.#heldAs(row);
    return held !== undefined && partsFor(row, held).length === 0;
  }

  /** Id of the wallet's record that it completes; null where it makes a new one, or brings nothing. */
  completes(row: Row): string | null {
    const held = this.#heldAs(row);
    return held !== undefined && partsFor(row, held).length > 0 ? held.id : null;
  }

  /** Whether another row stands for the same certificate; one without its key is a copy of one with it. */
  isDuplicate(row: Row): boolean {
    const missing = row.refusal?.code === 'file.pair-missing' ? row.certificate?.facts.fingerprint : undefined;
    const fingerprint = fingerprintOf(row) ?? missing;
    const best = fingerprint === undefined ? undefined : this.#best.get(fingerprint);
    return best !== undefined && best !== row;
  }

  /** Whether a password for it could bring what the row that counts has not. */
  couldCount(row: Row): boolean {
    const fingerprint = fingerprintOf(row);
    const best = fingerprint === null ? undefined : this.#best.get(fingerprint);
    const held = this.#heldAs(row);
    return best === undefined || best === row || promise(row, held) > worth(best, held);
  }

  candidate(row: Row): ImportCandidate {
    const { key, path, form, state, refusal, certificate, hasKm, plain, sign, km } = row;
    const shown = this.isPresent(row) ? 'present' : this.isDuplicate(row) ? 'duplicate' : state;
    const told = shown === 'wrong-password' ? WRONG : shown === 'refused' ? refusal : null;
    return {
      key,
      path,
      form,
      state: shown,
      code: told?.code ?? null,
      detail: told?.detail ?? null,
      facts: certificate?.facts ?? null,
      hasKm,
      kmOpened: hasKm ? km !== null : null,
      hasRandom: sign?.hasRandom ?? null,
      plain,
      replaces: this.#replaced(row, shown),
      adds: shown === 'duplicate' ? [] : this.#adds(row),
    };
  }

  #adds(row: Row): readonly RecordPart[] {
    const held = this.#heldAs(row);
    return held === undefined ? [] : partsFor(row, held);
  }

  /** The newest of the older certificates of the same holder from the same authority. */
  #replaced(row: Row, shown: ImportCandidate['state']): ImportCandidate['replaces'] {
    const { certificate } = row;
    if (!certificate || isContainer(row) || this.#heldAs(row) || shown === 'refused' || shown === 'present' || shown === 'duplicate') return null;
    const older = (this.#named.get(certificate.names) ?? []).filter(({ notBefore }) => notBefore < certificate.facts.notBefore);
    const [first, ...others] = older;
    if (!first) return null;
    const { id, notAfter } = others.reduce((newest, one) => (one.notBefore > newest.notBefore ? one : newest), first);
    return { id, notAfter };
  }
}
