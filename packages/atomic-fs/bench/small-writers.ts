/** Who writes small files, each loading nothing but its own package. */
import fs from 'node:fs';

import type { Durability } from '@x/atomic-fs';

export type Write = (target: string, content: Buffer) => unknown;

async function ours(durability: Durability): Promise<Write> {
  const { writeFile } = await import('@x/atomic-fs');
  return (target, content) => writeFile(target, content, { durability });
}

/** By group, what is compared in it. The first of a group is ours. */
export const writers: Readonly<Record<string, Readonly<Record<string, () => Promise<Write>>>>> = {
  '4 KiB, nothing synced': {
    "atomic-fs durability: 'none'": () => ours('none'),
    'write-file-atomic fsync: false': async () => {
      const { default: write } = await import('write-file-atomic');
      return (target, content) => write(target, content, { fsync: false });
    },
    'atomically fsync: false': async () => {
      const { writeFile } = await import('atomically');
      return (target, content) => writeFile(target, content, { fsync: false });
    },
    'fs.promises.writeFile, in place': () =>
      Promise.resolve((target, content) => fs.promises.writeFile(target, content)),
  },
  '4 KiB, nothing synced, blocking': {
    "atomic-fs durability: 'none'": async () => {
      const { writeFileSync } = await import('@x/atomic-fs');
      return (target, content) => writeFileSync(target, content, { durability: 'none' });
    },
    'write-file-atomic fsync: false': async () => {
      const { default: write } = await import('write-file-atomic');
      return (target, content) => write.sync(target, content, { fsync: false });
    },
    'atomically fsync: false': async () => {
      const { writeFileSync } = await import('atomically');
      return (target, content) => writeFileSync(target, content, { fsync: false });
    },
    'fs.writeFileSync, in place': () =>
      Promise.resolve((target, content) => fs.writeFileSync(target, content)),
  },
  '4 KiB, content synced': {
    "atomic-fs durability: 'data'": () => ours('data'),
    'write-file-atomic': async () => {
      const { default: write } = await import('write-file-atomic');
      return (target, content) => write(target, content);
    },
    atomically: async () => {
      const { writeFile } = await import('atomically');
      return (target, content) => writeFile(target, content);
    },
    'fast-write-atomic': async () => {
      const { promisify } = await import('node:util');
      return promisify((await import('fast-write-atomic')).default);
    },
    "atomic-fs durability: 'full'": () => ours('full'),
  },
};
