/** What the vault needs of a place that keeps records. An engine implements it; it holds texts and looks into none. */

/** Name of the lock under which a wallet is created and saved, among all contexts of the extension. */
export const WRITE_LOCK = 'djw1-write';

/** A record by its id and the generation that wrote it. */
export interface RecordKey {
  readonly id: string;
  readonly g: number;
  /** The checksum it must have. Where copies differ, the one with this checksum is taken. */
  readonly sum?: string;
}

export interface StoredRecord extends RecordKey {
  readonly text: string;
}

/** One save: everything in it or nothing. */
export interface VaultChange {
  /** Checksum of the newest head that is there, or null where there is none; else the change is refused. */
  readonly base: string | null;
  readonly gen: number;
  readonly records: readonly StoredRecord[];
  readonly head: string;
  readonly marker: string;
  /** The wallet picture, where it is set by this change. */
  readonly mark?: string;
}

/** What stays after `prune`. */
export interface Kept {
  /** Generations of heads. */
  readonly gens: readonly number[];
  readonly records: readonly RecordKey[];
}

/** Every method throws `vault.unavailable` where the store does not answer. */
export interface VaultStore {
  /** Whether there is any trace of a wallet. Looking leaves no trace itself. */
  evidence(): Promise<'none' | 'some'>;
  /** Texts of the newest two heads, newest first. A place that does not read, and may be the newest, stands first as `''`. */
  heads(): Promise<readonly string[]>;
  /** The texts of records in the order of the keys; null where one is missing or does not read. */
  records(keys: readonly RecordKey[]): Promise<readonly (string | null)[]>;
  /** The marker's text, or null. */
  marker(): Promise<string | null>;
  /** The wallet picture, or null. */
  mark(): Promise<string | null>;
  /**
   * Compares the newest head with the base and writes everything, in one transaction that is on the disk when it returns.
   * @throws `vault.conflict` where the newest head is not the base, `vault.full`, `vault.read-only`
   */
  commit(change: VaultChange): Promise<void>;
  /** Removes what is older than the newest kept generation and not kept itself. */
  prune(kept: Kept): Promise<void>;
}

/** A whole state of the wallet: the head and every record it lists. */
export type WholeState = Omit<VaultChange, 'base'>;

/** One value as it lies in an engine, for support; `value` is undefined where the place does not read. */
export interface RawValue {
  readonly place: string;
  readonly value: unknown;
}

/** One place that keeps a whole copy, with what only repair, support and reset need. */
export interface Engine extends VaultStore {
  /**
   * Puts a proven state over whatever is there, without comparing; later heads of this place go. `rebuild` throws the
   * place away first where it does not take the state otherwise.
   * @throws `vault.full`, `vault.read-only`, `vault.unavailable`
   */
  replace(state: WholeState, rebuild: boolean): Promise<void>;
  /** Sets the wallet picture of the wallet that is there, where this place keeps one. @throws `vault.absent`, `vault.*` */
  setMark(mark: string): Promise<void>;
  /** Everything of ours, place by place. */
  raw(): Promise<readonly RawValue[]>;
  /** Removes everything of ours. */
  erase(): Promise<void>;
}
