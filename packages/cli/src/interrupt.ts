import type { Terminal } from './terminal.ts';

export interface Interrupt {
  /** Aborts at the first Ctrl-C or SIGTERM, so that the run cleans up and ends by itself. */
  readonly signal: AbortSignal;
  readonly by: 'SIGINT' | 'SIGTERM' | undefined;
  release(): void;
}

/** A second Ctrl-C finds no listener of ours and ends the process at once. */
export function interruptible(terminal: Pick<Terminal, 'on' | 'off'>): Interrupt {
  const controller = new AbortController();
  let by: Interrupt['by'];
  const release = (): void => {
    terminal.off('SIGINT', stop);
    terminal.off('SIGTERM', stop);
  };
  function stop(name: NodeJS.Signals): void {
    by = name === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
    release();
    controller.abort(new Error(`interrupted by ${name}`));
  }
  terminal.on('SIGINT', stop);
  terminal.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    get by() {
      return by;
    },
    release,
  };
}
