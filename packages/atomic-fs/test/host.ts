import { constants } from 'node:os';
import path from 'node:path';

import type { Options } from '@x/atomic-fs';
import { type CallName, type Host, intercept, nodeHost, withHost } from '@x/atomic-fs/seam';

const quiet: ReadonlySet<CallName> = new Set<CallName>(['now', 'sleep', 'umask', 'time']);

/**
 * Notes every file-system call, with names relative to the directory of the first one.
 *
 * @param before Runs before each call.
 */
export function recording(before: () => void = () => undefined): {
  calls: string[];
  options: (options?: Options) => Options;
} {
  const calls: string[] = [];
  let directory: string | undefined;
  const show = (argument: unknown): string[] => {
    if (typeof argument === 'number') return [argument.toString(8)];
    if (typeof argument !== 'string') return [];
    if (!path.isAbsolute(argument)) return [argument];
    directory ??= path.dirname(argument);
    return [path.relative(directory, argument) || '.'];
  };
  const host = intercept(nodeHost, ({ name, args, proceed }) => {
    before();
    const isOfProcess = typeof args[0] === 'string' && args[0].startsWith('/proc/');
    if (!quiet.has(name) && !isOfProcess)
      calls.push([name, ...shownArguments(name, args).flatMap(show)].join(' '));
    return proceed();
  });
  return { calls, options: (options) => withHost(host, options ?? {}) };
}

/** Descriptors and counts differ from run to run. */
function shownArguments(name: CallName, args: readonly unknown[]): readonly unknown[] {
  if (name === 'fchmod' || name === 'fchown') return args.slice(1);
  return typeof args[0] === 'number' ? [] : args;
}

/** The same host for which no time passes while it waits. */
export const hasty = (host: Host = nodeHost): Host =>
  intercept(host, ({ name, proceed }) => (name === 'sleep' ? undefined : proceed()));

export type Outcome = 'proceed' | { readonly throws: string } | { readonly returns: unknown };

/** Options with which the calls named end as listed, one outcome a call, and then go on as usual. */
export function failing(script: Partial<Record<CallName, Outcome[]>>, options?: Options): Options {
  const host = intercept(nodeHost, ({ name, proceed }) => {
    const outcome = script[name]?.shift() ?? 'proceed';
    if (outcome === 'proceed') return proceed();
    if ('returns' in outcome) return outcome.returns;
    throw systemError(outcome.throws, name);
  });
  return withHost(host, options ?? {});
}

/** As libuv makes them. */
export function systemError(code: string, syscall: string): Error {
  const errno = new Map<string, number>(Object.entries(constants.errno)).get(code);
  if (errno === undefined) throw new Error(`${code} is not a system error`);
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, errno: -errno, syscall });
}
