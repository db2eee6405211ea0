// @ts-check
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Planted bugs. Each stands between a writer and `node:fs` and makes the writer behave as if its own code
 * had that bug, whatever the code looks like; the calls that result are recorded like any others.
 *
 * @typedef {import('./calls.mjs').Call} Call
 * @typedef {import('./plan.mjs').Plan} Plan
 * @typedef {{ skip?: true, args?: any[], after?: () => unknown }} Change
 *
 * `skip`: the writer believes that the call was made. `args`: what the call is made with. `after`: what
 * happens between the call and the writer learning that it succeeded.
 * @typedef {(call: Call, args: any[], handle?: any) => Change | undefined} Mutant
 */

const syncs = new Set(['fsync', 'fdatasync']);

/** @param {Call} call @param {'file' | 'directory'} kind */
const isSyncOf = (call, kind) => syncs.has(call.operation) && isDirectoryFd(call) === (kind === 'directory');

/** @param {Call} call @param {Plan} plan */
const publishes = (call, plan) =>
  (call.operation === 'rename' || call.operation === 'link') && call.to === plan.target;

/** @param {string | undefined} path @param {Plan} plan */
const isTempName = (path, plan) =>
  path !== undefined &&
  path !== plan.target &&
  dirname(path) === dirname(plan.target) &&
  basename(path).startsWith(basename(plan.target));

// The real ones: looking must not show up among the writer's calls.
const { fstatSync, readFileSync, readdirSync, statSync } = fs;

/** @param {string} path */
const isDirectory = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** @param {Call} call */
const isDirectoryFd = (call) => fstatSync(call.fd ?? -1).isDirectory();

/** @param {Call} call */
const isFileClose = (call) => call.operation === 'close' && !isDirectoryFd(call);

/** Holds back some calls until the file has been published. @param {Plan} plan @param {(call: Call) => boolean} held @returns {Mutant} */
function heldUntilPublished(plan, held) {
  /** @type {(() => unknown)[]} */
  let waiting = [];
  let replaying = false;
  return (call, _args, handle) => {
    if (!replaying && call.fd !== undefined && held(call)) {
      waiting.push(() => redo(call, handle));
      return { skip: true };
    }
    if (!publishes(call, plan)) return undefined;
    return {
      after: () => {
        replaying = true;
        const results = waiting.map((run) => run());
        replaying = false;
        waiting = [];
        return Promise.all(results);
      },
    };
  };
}

/** @param {Call} call @param {any} handle @returns {unknown} */
function redo(call, handle) {
  const fd = call.fd ?? -1;
  if (call.operation === 'close') return handle === undefined ? fs.closeSync(fd) : handle.close();
  if (call.operation === 'fsync') return fs.fsyncSync(fd);
  if (call.operation === 'fdatasync') return fs.fdatasyncSync(fd);
  throw new Error(`No way to repeat ${call.operation}`);
}

/** @type {Record<string, (plan: Plan) => Mutant>} */
const mutants = {
  'no-fsync': () => (call) => (isSyncOf(call, 'file') ? { skip: true } : undefined),

  'no-directory-fsync': () => (call) => (isSyncOf(call, 'directory') ? { skip: true } : undefined),

  'wrong-directory-fsync': (plan) => (call, args) =>
    call.operation === 'open' && call.path !== plan.root && isDirectory(call.path ?? '')
      ? { args: [dirname(call.path ?? ''), ...args.slice(1)] }
      : undefined,

  'rename-before-close': (plan) => heldUntilPublished(plan, isFileClose),

  'rename-before-fsync': (plan) =>
    heldUntilPublished(plan, (call) => isSyncOf(call, 'file') || isFileClose(call)),

  // These three lie about the outcome of a call, see `lieAbout`.
  'ignored-write-count': () => () => undefined,
  'swallowed-fsync-error': () => () => undefined,
  'retried-fsync': () => () => undefined,

  'shared-temp': (plan) => (call, args) => {
    if (call.path === undefined) return undefined;
    const shared = args.map((/** @type {unknown} */ path) =>
      typeof path === 'string' && isTempName(path, plan) ? `${plan.target}.tmp` : path,
    );
    if (call.operation !== 'open') return { args: shared };
    const flags = (call.flags ?? 0) & ~fs.constants.O_EXCL;
    return { args: [shared[0], flags, ...args.slice(2)] };
  },

  'unlink-before-rename': (plan) => (call) => {
    if (publishes(call, plan) && call.operation === 'rename') fs.rmSync(plan.target, { force: true });
    return undefined;
  },

  'cleans-up-others': (plan) => (call) =>
    publishes(call, plan)
      ? {
          after: () => {
            const directory = dirname(plan.target);
            for (const name of readdirSync(directory)) {
              if (isTempName(join(directory, name), plan)) fs.rmSync(join(directory, name), { force: true });
            }
          },
        }
      : undefined,

  'copy-instead-of-rename': (plan) => (call) => {
    if (!publishes(call, plan) || call.operation !== 'rename') return undefined;
    fs.writeFileSync(plan.target, readFileSync(call.path ?? ''));
    fs.unlinkSync(call.path ?? '');
    return { skip: true };
  },

  'temp-left-behind': (plan) => (call) =>
    call.operation === 'unlink' && isTempName(call.path, plan) ? { skip: true } : undefined,

  'mode-after-publish': (plan) => {
    /** @type {number | undefined} */
    let mode;
    return (call) => {
      if (call.operation === 'fchmod' || (call.operation === 'chmod' && isTempName(call.path, plan))) {
        mode = call.mode;
        return { skip: true };
      }
      if (!publishes(call, plan) || mode === undefined) return undefined;
      return { after: () => fs.chmodSync(plan.target, mode ?? 0o600) };
    };
  },
};

/**
 * What the writer makes of an injected outcome, where its planted bug is to misread outcomes.
 *
 * @param {string | undefined} mutant
 * @param {Call} call
 * @param {{ error: NodeJS.ErrnoException } | { written: number }} outcome
 */
export function lieAbout(mutant, call, outcome) {
  if ('written' in outcome) {
    return mutant === 'ignored-write-count' ? { written: call.data?.byteLength ?? 0 } : outcome;
  }
  if (!syncs.has(call.operation)) return outcome;
  if (mutant === 'swallowed-fsync-error') return { written: 0 };
  if (mutant !== 'retried-fsync') return outcome;
  fs.fsyncSync(call.fd ?? -1);
  return { written: 0 };
}

/** @param {string | undefined} name @param {Plan} plan @returns {Mutant} */
export function mutantNamed(name, plan) {
  if (name === undefined) return () => undefined;
  const make = mutants[name];
  if (make === undefined)
    throw new Error(`No planted bug is called ${name}. There are: ${Object.keys(mutants).join(', ')}`);
  return make(plan);
}
