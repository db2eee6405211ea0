import type { CallName, Host } from './host.ts';

/** One call that is about to be made. */
export interface Interception {
  /** `openHandle` and `closeHandle` appear as `open` and `close`. */
  readonly name: CallName;
  /** In the order of {@link SyncCalls}. The handle of `closeHandle` appears as its descriptor. */
  readonly args: readonly unknown[];
  /** Makes the call; a promise of the result where it is asynchronous. */
  readonly proceed: () => unknown;
}

type AnyCall = (...args: readonly unknown[]) => unknown;

/**
 * A host whose every call goes through `decide`, which proceeds, gives something else, or throws
 * (an asynchronous call then rejects).
 */
export function intercept(host: Host, decide: (call: Interception) => unknown): Host {
  const wrap = <C extends object>(calls: C, asynchronous: boolean): C => {
    const wrapped = Object.entries(calls).map(([name, original]: [string, AnyCall]) => {
      const decided: AnyCall = (...args) =>
        decide({ name: plainName(name), args: args.map(plainArgument), proceed: () => original(...args) });
      return [name, asynchronous ? async (...args: readonly unknown[]) => decided(...args) : decided];
    });
    // Same names and arguments; what the calls give is the business of `decide`.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(wrapped) as C;
  };
  return { ...host, sync: wrap(host.sync, false), async: wrap(host.async, true) };
}

function plainName(name: string): CallName {
  if (name === 'openHandle') return 'open';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the calls
  return (name === 'closeHandle' ? 'close' : name) as CallName;
}

function plainArgument(argument: unknown): unknown {
  const isHandle = typeof argument === 'object' && argument !== null && 'fd' in argument;
  return isHandle ? argument.fd : argument;
}
