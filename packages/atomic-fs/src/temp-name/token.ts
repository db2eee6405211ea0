/**
 * Who writes a temp, as its token tells: `<place>-<pid>-<start>-<random><check>`, base 36.
 *
 * The place is a hash of the boot and the pid namespace, because a pid means nothing in another
 * container or after a restart; the start tells a process from a later one with the same pid; the
 * check ties the token to the rest of the name, so that no other program's file passes for ours.
 */
import { hostname } from 'node:os';

import type { Host } from '../host/host.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';

export interface Writer {
  readonly place: string;
  readonly pid: number;
  /** When the process started, in a unit of the place; 0 where that is not known. */
  readonly start: number;
}

// Loading it takes longer than a small write, and most writes need no token.
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

const widths = { place: 6, random: 8, check: 4 };
const tokenForm = /^([0-9a-z]{6})-([0-9a-z]{1,7})-([0-9a-z]{1,10})-([0-9a-z]{8})([0-9a-z]{4})$/;

export function makeToken(writer: Writer, stem: string): string {
  const random = shortHash(crypto().randomBytes(16), widths.random);
  const head = `${writer.place}-${writer.pid.toString(36)}-${writer.start.toString(36)}-${random}`;
  return head + shortHash(`${stem}\0${head}`, widths.check);
}

/** The writer that a token names, or nothing if it is not one of ours for that stem. */
export function readToken(token: string, stem: string): Writer | undefined {
  const [, place, pid, start, , check] = tokenForm.exec(token) ?? [];
  if (place === undefined || pid === undefined || start === undefined || check === undefined)
    return undefined;
  const head = token.slice(0, -widths.check);
  if (shortHash(`${stem}\0${head}`, widths.check) !== check) return undefined;
  return { place, pid: Number.parseInt(pid, 36), start: Number.parseInt(start, 36) };
}

export function shortHash(data: string | Uint8Array, length: number): string {
  const digest = crypto().createHash('sha256').update(data).digest().readBigUInt64BE();
  return digest.toString(36).padStart(13, '0').slice(-length);
}

const writers = new WeakMap<Host, Writer>();

/** This process. */
export function* currentWriter(host: Host): Steps<Writer> {
  const known = writers.get(host);
  if (known !== undefined) return known;
  const writer = { place: yield* placeOf(host), pid: host.pid, start: (yield* startOf(host.pid, host)) ?? 0 };
  writers.set(host, writer);
  return writer;
}

function* placeOf(host: Host): Steps<string> {
  const parts = [hostname()];
  if (platformOf(host.platform).hasProc) {
    parts.push(
      (yield* tellOrNothing((fs) => fs.readText('/proc/sys/kernel/random/boot_id'))) ?? '',
      (yield* tellOrNothing((fs) => fs.readlink('/proc/self/ns/pid'))) ?? '',
    );
  }
  return shortHash(parts.join('\0'), widths.place);
}

/** Clock ticks from boot to the start of a process, where the system tells. */
function* startOf(pid: number, host: Host): Steps<number | undefined> {
  if (!platformOf(host.platform).hasProc) return undefined;
  const stat = yield* tellOrNothing((fs) => fs.readText(`/proc/${pid}/stat`));
  // Field 22; the second is the name of the program, in parentheses, with anything in it.
  const field = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return field === undefined ? undefined : Number(field);
}

/** What `/proc` hides or lacks is not known; that is no failure. */
function* tellOrNothing(step: Parameters<typeof call<string>>[0]): Steps<string | undefined> {
  try {
    return yield* call(step);
  } catch {
    return undefined;
  }
}

/** `elsewhere` is another machine, another container or an earlier boot, of which nothing is known here. */
export type WriterState = 'running' | 'gone' | 'elsewhere';

export function* writerState(writer: Writer, host: Host): Steps<WriterState> {
  const self = yield* currentWriter(host);
  if (writer.place !== self.place) return 'elsewhere';
  if (!(yield* call((fs) => fs.processExists(writer.pid)))) return 'gone';
  const start = yield* startOf(writer.pid, host);
  return start === undefined || writer.start === 0 || start === writer.start ? 'running' : 'gone';
}
