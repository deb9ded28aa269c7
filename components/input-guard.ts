/**
 * Keeps a consent from being given by accident or by trick: a click meant for the page below, a key still held, a window
 * that was moved under the pointer. Nothing confirms until the window has been visible, focused, in its place and of its
 * size for a while, and then only with a press that began after that.
 */
export const GUARD_MS = 1_000;

/** A click belongs to the press before it; one that comes later than this stands alone. */
const CLICK_AFTER_MS = 500;

/** What the guard needs of a DOM event. */
export interface PressEvent {
  readonly isTrusted: boolean;
  readonly repeat?: boolean;
}

export class InputGuard {
  readonly #clock: () => number;
  readonly #disturbed: () => void;
  #visible = false;
  #focused = false;
  /** Since when nothing disturbed it; null while the window is hidden or not focused. */
  #calmSince: number | null = null;
  /** The press that is going on, and whether it may confirm. Null: none, as when an assistive device acts by itself. */
  #press: { good: boolean; ended: number | null } | null = null;

  /** @param disturbed hears at once that nothing confirms for a while */
  constructor(clock: () => number, disturbed: () => void = () => undefined) {
    this.#clock = clock;
    this.#disturbed = disturbed;
  }

  show(visible: boolean): void {
    this.#visible = visible;
    this.disturb();
  }

  focus(focused: boolean): void {
    this.#focused = focused;
    this.disturb();
  }

  /** The window was moved or resized, or what stands in it changed place: wait anew. A press that is going on is lost. */
  disturb(): void {
    this.#calmSince = this.#visible && this.#focused ? this.#clock() : null;
    if (this.#press) this.#press.good = false;
    this.#disturbed();
  }

  /** Milliseconds until something can confirm; null while the window is hidden or not focused. */
  get remaining(): number | null {
    return this.#calmSince === null ? null : Math.max(0, this.#calmSince + GUARD_MS - this.#clock());
  }

  get isOpen(): boolean {
    return this.remaining === 0;
  }

  /** A pointer or key went down. */
  press({ isTrusted, repeat = false }: PressEvent): void {
    this.#press = { good: isTrusted && !repeat && this.isOpen, ended: null };
  }

  /** The pointer or key is up again. The click that it makes may come a little later. */
  release(): void {
    if (this.#press) this.#press.ended ??= this.#clock();
  }

  /** Whether this click may confirm. */
  allows({ isTrusted }: PressEvent): boolean {
    return isTrusted && this.isOpen && (this.#currentPress()?.good ?? true);
  }

  #currentPress(): { readonly good: boolean } | null {
    const press = this.#press;
    return press && (press.ended === null || this.#clock() - press.ended < CLICK_AFTER_MS) ? press : null;
  }
}
