/** Work that a page of ours does again and again while it lives: after each change of the wallet, and when its time has come. */
export interface FollowPorts {
  /** Calls back after any change of the wallet, in any window. */
  readonly onChange: (listener: () => void) => unknown;
  /** Runs `act` once, after so many milliseconds; returns the way to stop. */
  readonly after: (ms: number, act: () => void) => () => void;
}

/**
 * @param turn does what is due, and gives the milliseconds until there is more, or null where only a change of the wallet is worth
 *   another turn; never two at a time
 */
export function follow(turn: () => Promise<number | null>, { onChange, after }: FollowPorts): void {
  let running = false;
  let again = false;
  let stop = (): void => undefined;
  const look = async (): Promise<void> => {
    again = true;
    if (running) return;
    running = true;
    stop();
    let wait: number | null = null;
    while (again) {
      again = false;
      wait = await turn();
    }
    running = false;
    if (wait !== null) stop = after(wait, () => void look());
  };
  onChange(() => void look());
  void look();
}
