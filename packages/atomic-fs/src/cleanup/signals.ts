import { removeLiveTemps } from './live-temps.ts';

/**
 * Also removes the temps of this process when one of these signals ends it. Opt-in, because a
 * listener changes what a signal does.
 *
 * If nobody else listens to the signal, the temps are removed and the signal is raised again, so
 * that the process ends of it as it would have. If others listen, they decide whether the process
 * ends, and the files that are being written stay valid; once they call `process.exit()` the temps
 * are removed.
 *
 * Worker threads receive no signals; call it in the main thread, which sees its own temps only.
 *
 * @param signals Default SIGINT, SIGTERM and SIGHUP.
 * @returns Ends it.
 */
export function cleanupOnSignals(
  signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'],
): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (othersListenTo(signal)) return;
    removeLiveTemps();
    for (const listener of ours) process.removeListener(signal, listener);
    process.kill(process.pid, signal);
  };
  ours.add(onSignal);
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    ours.delete(onSignal);
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
}

const ours = new Set<(signal: NodeJS.Signals) => void>();

/** Two libraries that each wait for the other to end the process would make it immune to Ctrl-C. */
function othersListenTo(signal: NodeJS.Signals): boolean {
  const listeners = process.listeners(signal).filter((listener) => !ours.has(listener));
  return listeners.length > signalExitListeners();
}

/** The package signal-exit, part of much of npm, also raises the signal again once it is alone. */
function signalExitListeners(): number {
  const emitter: unknown = Reflect.get(globalThis, Symbol.for('signal-exit emitter'));
  if (typeof emitter !== 'object' || emitter === null || !('count' in emitter)) return 0;
  return typeof emitter.count === 'number' ? emitter.count : 0;
}
