// @ts-check
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { devNull } from 'node:os';
import { callbackify } from 'node:util';

import { descriptorCalls, handleMethods, pathCalls } from './calls.mjs';
import * as composites from './composites.mjs';

/**
 * @typedef {import('./calls.mjs').Call} Call
 * @typedef {import('./gate.mjs').Gate} Gate
 * @typedef {import('./gate.mjs').Passage} Passage
 * @typedef {(this: any, ...args: any[]) => unknown} Anything
 * @typedef {(...args: any[]) => Call} Describe
 */

/**
 * Puts the gate around every function of `node:fs`, in its synchronous, callback and promise forms, and around
 * the methods of `FileHandle`. ES module imports of `node:fs` see the wrapped functions, because this runs
 * before any other module of the program.
 *
 * @param {Gate} gate
 */
export async function install(gate) {
  const calls = { ...pathCalls, ...descriptorCalls };
  /** @type {Record<string, any>} */
  const api = fs;
  /** @type {Record<string, any>} */
  const promises = fs.promises;
  for (const [name, describe] of Object.entries(calls)) {
    replace(api, `${name}Sync`, (real) => synchronous(real, describe));
    replace(api, name, (real) => withCallback(real, describe));
    if (name in pathCalls) replace(promises, name, (real) => withPromise(real, describe));
  }
  replace(promises, 'open', (openHandle) => async (...args) => {
    const handle = await openHandle(...args);
    // A field of each FileHandle rather than a method of all.
    replace(handle, 'close', (real) => withPromise(real, calls['close'] ?? fail, true));
    return handle;
  });
  replace(api['realpath'], 'native', (real) => withCallback(real, calls['realpath'] ?? fail));
  replace(api['realpathSync'], 'native', (real) => synchronous(real, calls['realpath'] ?? fail));

  const handle = await fs.promises.open(devNull);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const [method, name] of Object.entries(handleMethods)) {
    const describe = calls[name] ?? fail;
    replace(prototype, method, (real) => withPromise(real, describe, true));
  }
  prototype.writeFile = writeWhole;
  prototype.appendFile = writeWhole;

  api['writeFileSync'] = composites.writeFileSync('w');
  api['appendFileSync'] = composites.writeFileSync('a');
  api['truncateSync'] = composites.truncateSync;
  api['rmSync'] = composites.rmSync;
  promises['writeFile'] = composites.writeFile('w');
  promises['appendFile'] = composites.writeFile('a');
  promises['truncate'] = composites.truncate;
  promises['rm'] = composites.rm;
  api['truncate'] = callbackify(composites.truncate);
  api['rm'] = callbackify(composites.rm);
  syncBuiltinESMExports();

  /** @param {Anything} real @param {Describe} describe @returns {Anything} */
  function synchronous(real, describe) {
    return function wrapped(...args) {
      const passage = gate.enter(describe(...args));
      if (passage === undefined) return real.apply(this, args);
      if (passage.instead !== undefined) {
        if (passage.call.operation === 'close') real.apply(this, args);
        return instead(passage, passage.instead);
      }
      let value;
      try {
        value = real.apply(this, args);
      } catch (error) {
        gate.leave(passage, error, undefined);
        throw error;
      }
      gate.leave(passage, undefined, value);
      return value;
    };
  }

  /** @param {Anything} real @param {Describe} describe @returns {Anything} */
  function withCallback(real, describe) {
    return function wrapped(...all) {
      const callback = all.at(-1);
      // Node itself complains about a missing callback.
      if (typeof callback !== 'function') return real.apply(this, all);
      const args = all.slice(0, -1);
      const passage = gate.enter(describe(...args));
      if (passage === undefined) return real.apply(this, all);
      const outcome = passage.instead;
      if (outcome === undefined) {
        return real.call(this, ...args, (/** @type {any[]} */ ...results) => {
          gate.leave(passage, results[0] ?? undefined, results[1]);
          callback(...results);
        });
      }
      const tell = () => {
        let written;
        try {
          written = instead(passage, outcome);
        } catch (error) {
          callback(error);
          return;
        }
        callback(null, written, args[1]);
      };
      if (passage.call.operation === 'close') real.call(this, ...args, tell);
      else setImmediate(tell);
      return undefined;
    };
  }

  /** @param {Anything} real @param {Describe} describe @param {boolean} [onHandle] @returns {Anything} */
  function withPromise(real, describe, onHandle = false) {
    return async function wrapped(...args) {
      const call = onHandle ? describe(this.fd, ...args) : describe(...args);
      const passage = gate.enter(call);
      if (passage === undefined) return real.apply(this, args);
      if (passage.instead !== undefined) {
        if (call.operation === 'close') await real.apply(this, args);
        return { bytesWritten: instead(passage, passage.instead), buffer: args[0], buffers: args[0] };
      }
      let value;
      try {
        value = await real.apply(this, args);
      } catch (error) {
        gate.leave(passage, error, undefined);
        throw error;
      }
      gate.leave(passage, undefined, value);
      return value;
    };
  }

  /**
   * Ends a call that was not made (or a close, which frees its descriptor even where it fails).
   *
   * @param {Passage} passage @param {NonNullable<Passage['instead']>} outcome
   * @returns {number} the count of a write that was cut short
   * @throws the error that the plan asks for
   */
  function instead(passage, outcome) {
    if ('error' in outcome) {
      gate.leave(passage, outcome.error, undefined);
      throw outcome.error;
    }
    gate.leave(passage, undefined, outcome.written);
    return outcome.written;
  }
}

/** @param {any} holder @param {string} name @param {(real: Anything) => Anything} wrap */
function replace(holder, name, wrap) {
  const real = holder[name];
  // Not every function has every form, nor every Node.js every function.
  if (typeof real !== 'function') return;
  const wrapped = wrap(real);
  // Carries over `native`, and the symbols by which `util.promisify` knows several results.
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(real));
  holder[name] = wrapped;
}

/** @type {Anything} */
function writeWhole(data, options) {
  return composites.handleWriteFile(this, data, options);
}

/** @returns {never} */
function fail() {
  throw new Error('A wrapped function has no description');
}
