/** One thing after the other: what the authority decides must not change between reading its tables and writing them. */
export class Turns {
  readonly #due: () => void;
  #last: Promise<unknown> = Promise.resolve();

  /** @param due does what the clock asks for; it goes before each turn */
  constructor(due: () => void) {
    this.#due = due;
  }

  /** Runs `act` when everything before it is over; its result or error is the caller's alone. */
  take<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      this.#due();
      return act();
    }); // #last never rejects
    this.#last = result.catch(() => undefined);
    return result;
  }
}
