/** Which certificates the bank's customers registered here (타행 인증서 등록), in memory. */
import type { Customer } from './customers.ts';

/** Enough for everybody who tries the demo. */
const LIMIT = 32;

export class RegisteredCertificates {
  readonly #serials = new Map<string, Set<string>>();

  /** Serial numbers, the latest last. */
  of({ idNumber }: Customer): readonly string[] {
    return [...(this.#serials.get(idNumber) ?? [])];
  }

  add({ idNumber }: Customer, serial: string): void {
    this.#serials.set(idNumber, new Set([...(this.#serials.get(idNumber) ?? []), serial].slice(-LIMIT)));
  }
}
