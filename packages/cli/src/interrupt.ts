import type { Terminal } from './terminal.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type InterruptSignal = (typeof signals)[number];

/** The reason that a run is given for its abort. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly code = 'INTERRUPTED';
  /** What it means for the output. */
  hint: string | undefined;

  constructor(by: InterruptSignal) {
    super(`interrupted by ${by === 'SIGINT' ? 'Ctrl-C' : by}`);
  }
}

export interface Interrupt {
  /** Aborts at the first of these signals, so that the run cleans up and ends by itself. */
  readonly signal: AbortSignal;
  readonly by: InterruptSignal | undefined;
  release(): void;
}

/**
 * The first signal asks the run to end, which it may be unable to do while it waits for a pipe. The
 * second one ends the process at once, without the temps of the run.
 */
export function interruptible(terminal: Pick<Terminal, 'on' | 'off'>): Interrupt {
  const controller = new AbortController();
  let by: Interrupt['by'];
  const release = (): void => {
    for (const name of signals) terminal.off(name, stop);
  };
  function stop(name: NodeJS.Signals): void {
    if (by !== undefined) return;
    by = signals.find((one) => one === name) ?? 'SIGINT';
    controller.abort(new Interruption(by));
    // From then on a signal removes the temps and ends the process.
    void import('@x/convert').then(({ removeTempsOnSignals }) => removeTempsOnSignals()).finally(release);
  }
  for (const name of signals) terminal.on(name, stop);
  return {
    signal: controller.signal,
    get by() {
      return by;
    },
    release,
  };
}
