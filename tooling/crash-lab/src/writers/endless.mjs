// @ts-check
/**
 * Writes version after version until something fails, as `node endless.mjs SUBJECT TARGET ACKNOWLEDGED SPEC`, and
 * notes each number in the file ACKNOWLEDGED as soon as the writer has said that it is done.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import { subjects } from './subjects.mjs';
import { version } from './version.mjs';

const idleMs = 60;

const [name = '', target = '', acknowledged = '', specText = '{}'] = process.argv.slice(2);
/** @type {{ size: number } & import('./subjects.mjs').Settings} */
const spec = JSON.parse(specText);
const subject = subjects[name];
if (subject === undefined) throw new Error(`No writer is called ${name}`);

for (let id = 1; ; id += 1) {
  try {
    // oxlint-disable-next-line no-await-in-loop -- one version after the other
    await subject(target, version(id, spec.size + (id % 7) * 1500), spec);
  } catch {
    // The power is gone, which is the only way for this program to end.
    break;
  }
  // Whole at any moment, for the one who reads it meanwhile.
  writeFileSync(`${acknowledged}.new`, String(id));
  renameSync(`${acknowledged}.new`, acknowledged);
  // A cut should often come when the last version is done and the next one has not yet begun.
  // oxlint-disable-next-line no-await-in-loop -- as above
  await setTimeout((id % 3) * idleMs);
}
