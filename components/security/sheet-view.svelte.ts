import type { WaysApi } from '../../lib/wallet/ways-api.ts';

const GROUPS = 7;

/** Two different places of a code, by two random octets. */
export function twoPlaces([first = 0, second = 0]: Uint8Array): readonly [number, number] {
  const one = first % GROUPS;
  const other = (one + 1 + (second % (GROUPS - 1))) % GROUPS;
  return one < other ? [one, other] : [other, one];
}

/** A code on the screen, and the proof that it stands on paper too: two of its groups typed back. */
export class SheetView {
  readonly groups: readonly string[];
  readonly asked: readonly [number, number];
  wrong = $state(false);
  kept = $state(false);
  readonly #api: Pick<WaysApi, 'isGroupTyped'>;
  readonly #code: string;

  constructor(api: Pick<WaysApi, 'isGroupTyped'>, code: string, roll: Uint8Array) {
    this.#api = api;
    this.#code = code;
    this.groups = code.split('-');
    this.asked = twoPlaces(roll);
  }

  async check(typed: readonly string[]): Promise<void> {
    this.wrong = false;
    const right = await Promise.all(this.asked.map((place, at) => this.#api.isGroupTyped(this.#code, place, typed[at] ?? '')));
    this.kept = right.every(Boolean);
    this.wrong = !this.kept;
  }
}
