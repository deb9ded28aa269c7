/** One thing after the other: what the authority decides must not change between reading its tables and writing them. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `act` when everything before it is over; its result or error is the caller's alone. */
  take<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(act); // #last never rejects
    this.#last = result.catch(() => undefined);
    return result;
  }
}
