// @ts-check
/**
 * Replaces one file once, as `node write.mjs SUBJECT TARGET SPEC` with a JSON spec; marks the moment at which
 * the call has come back; says on standard output how it ended.
 */
import { accessSync } from 'node:fs';

import { markPrefix } from '../preload/plan.mjs';
import { subjects } from './subjects.mjs';
import { version } from './version.mjs';

const [name = '', target = '', specText = '{}'] = process.argv.slice(2);
/** @type {{ id: number, size: number, text?: string } & import('./subjects.mjs').Settings} */
const spec = JSON.parse(specText);
const subject = subjects[name];
if (subject === undefined) throw new Error(`No writer is called ${name}`);

/** @param {string} at */
function mark(at) {
  try {
    accessSync(markPrefix + at);
  } catch {
    // It never exists: the lookup is the message.
  }
}

const content = spec.text === undefined ? version(spec.id, spec.size) : Buffer.from(spec.text);
try {
  await subject(target, content, spec);
  mark('resolved');
  process.stdout.write(`${JSON.stringify({ ok: true })}\n`);
} catch (thrown) {
  mark('rejected');
  /** @type {any} */
  const error = thrown;
  const { name: kind, message, code, syscall, committed, hint } = error;
  process.stdout.write(
    `${JSON.stringify({ ok: false, error: { name: kind, message, code, syscall, committed, hint } })}\n`,
  );
}
