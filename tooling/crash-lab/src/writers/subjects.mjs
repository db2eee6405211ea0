// @ts-check
import { once } from 'node:events';
import { promises as fsPromises } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Ways to replace one file by new content, each a writer that the lab can examine.
 *
 * `durability` is the setting of `@x/atomic-fs`; a writer without such a setting ignores it.
 *
 * @typedef {{ durability?: 'full' | 'data' | 'none', chunks?: number, options?: Record<string, unknown> }} Settings
 * @typedef {(target: string, content: Buffer, settings: Settings) => Promise<void>} Subject
 */

/** @param {Settings} settings @returns {any} */
const optionsOf = ({ durability, options }) => ({
  ...(durability === undefined ? {} : { durability }),
  ...options,
});

/** @param {Buffer} content @param {number} count */
function pieces(content, count) {
  const size = Math.ceil(content.byteLength / count);
  return Array.from({ length: count }, (_, index) => content.subarray(index * size, (index + 1) * size));
}

/** Names a copy of `@x/atomic-fs` to use in its place: the lab's planted bugs are such copies. */
export const copyVariable = 'CRASH_LAB_ATOMIC_FS';

/** @returns {Promise<typeof import('@x/atomic-fs')>} */
function atomicFs() {
  const copy = process.env[copyVariable];
  return copy === undefined ? import('@x/atomic-fs') : import(copy);
}

/** @type {Record<string, Subject>} */
export const subjects = {
  'atomic-fs writeFile': async (target, content, settings) => {
    const { writeFile } = await atomicFs();
    await writeFile(target, content, optionsOf(settings));
  },
  'atomic-fs writeFileSync': async (target, content, settings) => {
    const { writeFileSync } = await atomicFs();
    writeFileSync(target, content, optionsOf(settings));
  },
  'atomic-fs createWriteStream': async (target, content, settings) => {
    const { createWriteStream } = await atomicFs();
    const stream = createWriteStream(target, optionsOf(settings));
    const finished = once(stream, 'finish');
    for (const piece of pieces(content, settings.chunks ?? 3)) stream.write(piece);
    stream.end();
    await finished;
  },
  'atomic-fs open': async (target, content, settings) => {
    const { open } = await atomicFs();
    const file = await open(target, optionsOf(settings));
    try {
      for (const piece of pieces(content, settings.chunks ?? 3)) {
        // oxlint-disable-next-line no-await-in-loop -- in order
        await file.write(piece);
      }
      await file.commit();
    } finally {
      await file[Symbol.asyncDispose]();
    }
  },
  'atomic-fs writeFile wx': async (target, content, settings) => {
    const { writeFile } = await atomicFs();
    await writeFile(target, content, { ...optionsOf(settings), flag: 'wx' });
  },
  'atomic-fs commitAll': async (target, content, settings) => {
    const { open, commitAll } = await atomicFs();
    const files = await Promise.all([
      open(target, optionsOf(settings)),
      open(`${target}.second`, optionsOf(settings)),
    ]);
    for (const file of files) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the trace is always the same
      await file.write(content);
    }
    await commitAll(files);
  },
  // The new content is the text of the link.
  'atomic-fs symlink': async (target, content) => {
    const { symlink } = await atomicFs();
    await symlink(content.toString(), target);
  },
  // The new content is in place as `incoming` and synced, as the caller of `replace` has to see to.
  'atomic-fs replace': async (target, _content, settings) => {
    const { replace } = await atomicFs();
    await replace(join(dirname(target), 'incoming'), target, optionsOf(settings));
  },

  // Not a writer: what may go on beside one.
  'atomic-fs sweep': async (target) => {
    const { sweep } = await atomicFs();
    await sweep(dirname(target));
  },

  'fs.writeFile': async (target, content) => {
    await fsPromises.writeFile(target, content);
  },
  'fs.writeFile flush': async (target, content) => {
    await fsPromises.writeFile(target, content, { flush: true });
  },
  'write-file-atomic': async (target, content) => {
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(target, content);
  },
  atomically: async (target, content) => {
    const { writeFile } = await import('atomically');
    await writeFile(target, content);
  },
  'fast-write-atomic': async (target, content) => {
    const { default: fastWriteAtomic } = await import('fast-write-atomic');
    await fastWriteAtomic.promise(target, content);
  },
};
