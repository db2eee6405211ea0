// @ts-check
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { threadId } from 'node:worker_threads';

import { mutates } from './calls.mjs';
import { systemError } from './faults.mjs';
import { markPrefix } from './plan.mjs';

/**
 * @typedef {import('./calls.mjs').Call} Call
 * @typedef {import('./plan.mjs').Plan} Plan
 * @typedef {import('./plan.mjs').Action} Action
 * @typedef {{ number: number, call: Call, instead?: { error: NodeJS.ErrnoException } | { written: number } }} Passage
 */

// The real functions, taken before anything is wrapped.
const real = {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
};

/** How long a paused process sleeps between two looks for the word to go on, in milliseconds. */
const pausePollMs = 1;

/**
 * Sees every call on its way in and out: counts it, writes it down, and does to it what the plan says.
 */
export class Gate {
  /** @type {Plan} */ plan;
  /** @type {number} */ #log;
  #count = 0;
  /** Descriptors that were opened below the root. @type {Set<number>} */ #tracked = new Set();

  /** @param {Plan} plan */
  constructor(plan) {
    this.plan = plan;
    this.#log = real.openSync(plan.log, 'a');
  }

  /** @param {Call} call */
  concerns(call) {
    if (call.path?.startsWith(markPrefix)) return true;
    if (call.fd !== undefined) return this.#tracked.has(call.fd);
    return this.#inside(call.path) || this.#inside(call.to);
  }

  /** @param {Call} call @returns {Passage | undefined} undefined for a call that is none of our business */
  enter(call) {
    if (!this.concerns(call)) return undefined;
    if (call.path?.startsWith(markPrefix)) {
      this.#write({ event: 'mark', name: call.path.slice(markPrefix.length) });
      return undefined;
    }
    this.#count += 1;
    /** @type {Passage} */
    const passage = { number: this.#count, call };
    const { data, ...rest } = call;
    this.#write({
      event: 'begin',
      call: passage.number,
      ...rest,
      mutates: mutates(call),
      ...(data === undefined
        ? {}
        : { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') }),
    });
    for (const action of this.#actions(passage, 'before')) this.#act(action, passage);
    // Closing gives the number back at once, whatever the system call says.
    if (call.operation === 'close' && call.fd !== undefined) this.#tracked.delete(call.fd);
    return passage;
  }

  /** @param {Passage} passage @param {unknown} error @param {any} value */
  leave(passage, error, value) {
    if (error !== undefined) {
      const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
      this.#write({ event: 'end', call: passage.number, error: code });
      return;
    }
    this.#write({ event: 'end', call: passage.number, ...this.#result(passage.call, value) });
    for (const action of this.#actions(passage, 'after')) this.#act(action, passage);
  }

  /** What the model needs to know of the outcome. @param {Call} call @param {any} value */
  #result(call, value) {
    switch (call.operation) {
      case 'open': {
        /** @type {number} */
        const fd = typeof value === 'number' ? value : value.fd;
        this.#tracked.add(fd);
        const stats = real.fstatSync(fd);
        return {
          fd,
          mode: stats.mode & 0o7777,
          uid: stats.uid,
          gid: stats.gid,
          directory: stats.isDirectory(),
        };
      }
      case 'write':
        // A FileHandle tells the count with the buffer.
        return { written: typeof value === 'number' ? value : value.bytesWritten };
      case 'mkdir':
        return typeof value === 'string' ? { made: value } : {};
      case 'mkdtemp':
        return { made: String(value) };
      default:
        return {};
    }
  }

  /** @param {Passage} passage @param {'before' | 'after'} when @returns {Action[]} */
  #actions(passage, when) {
    return this.plan.steps
      .filter(
        (step) =>
          (step.thread ?? 0) === threadId &&
          step.when === when &&
          (step.every === undefined
            ? step.call === passage.number
            : step.every === passage.call.operation && passage.number >= step.call),
      )
      .map((step) => step.action);
  }

  /** @param {Action} action @param {Passage} passage */
  #act(action, passage) {
    const { call } = passage;
    switch (action.kind) {
      case 'fail':
        passage.instead = { error: systemError(action.code, call) };
        break;
      case 'short':
      case 'short-then-kill': {
        const data = call.data ?? new Uint8Array();
        const half = data.subarray(0, data.byteLength >> 1);
        if (call.fd === undefined || half.byteLength === 0) return;
        const written = real.writeSync(call.fd, half, 0, half.byteLength, call.position ?? null);
        if (action.kind === 'short-then-kill') this.#kill(passage, action);
        passage.instead = { written };
        break;
      }
      case 'kill':
        this.#kill(passage, action);
        break;
      case 'pause':
        this.#pause(passage);
        break;
    }
    this.#write({ event: 'acted', call: passage.number, action: action.kind });
  }

  /** @param {Passage} passage @param {Action} action */
  #kill(passage, action) {
    this.#write({ event: 'acted', call: passage.number, action: action.kind });
    process.kill(process.pid, 'SIGKILL');
    // A signal to oneself may be delivered a moment later; nothing more may happen until then.
    for (;;) sleep(1000);
  }

  /** @param {Passage} passage */
  #pause(passage) {
    const paused = join(this.plan.control, 'paused');
    const resume = join(this.plan.control, 'resume');
    // Written whole under another name first, so that the other side never reads half a message.
    real.writeFileSync(`${paused}.new`, JSON.stringify({ pid: process.pid, call: passage.number }));
    real.renameSync(`${paused}.new`, paused);
    while (!real.existsSync(resume)) sleep(pausePollMs);
    real.rmSync(resume);
  }

  /** @param {string | undefined} path */
  #inside(path) {
    return path !== undefined && (path === this.plan.root || path.startsWith(this.plan.root + sep));
  }

  /** @param {object} event */
  #write(event) {
    const line = Buffer.from(`${JSON.stringify({ pid: process.pid, thread: threadId, ...event })}\n`);
    let done = 0;
    while (done < line.byteLength) done += real.writeSync(this.#log, line, done);
  }
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
