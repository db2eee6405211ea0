import { CodecError } from '../codec-error.ts';
import type { Kernel } from '../codec.ts';

/** Whether this Node.js has zstd: 20 does not, and 22 does from 22.15 on. Told without loading `node:zlib`. */
export const hasZstd = (): boolean => 'zstd' in process.versions;

/** The kernel, or `UNAVAILABLE` on a Node.js without zstd. */
export function onlyWithZstd<Options>(kernel: Kernel<Options>): Kernel<Options> {
  if (hasZstd()) return kernel;
  throw new CodecError('UNAVAILABLE', {
    codec: 'zstd',
    problem: `Node.js ${process.versions.node} has no zstd in node:zlib`,
    hint: 'Run Node.js 22.15 or later, or use gzip',
  });
}

/** The dictionary as an option, or `UNAVAILABLE` where Node.js takes the option and does nothing with it. */
export function dictionaryOption(dictionary: Uint8Array | undefined): { dictionary?: Uint8Array } {
  if (dictionary === undefined) return {};
  if (usesDictionaries()) return { dictionary };
  throw new CodecError('UNAVAILABLE', {
    codec: 'zstd',
    problem: `Node.js ${process.versions.node} ignores zstd dictionaries`,
    hint: 'Run the latest Node.js 22 or 24, or a later one',
  });
}

let used: boolean | undefined;

function usesDictionaries(): boolean {
  if (used !== undefined) return used;
  const sample = Uint8Array.from({ length: 256 }, (_, i) => (i * i * 167) >> 5);
  const { zstdCompressSync } = process.getBuiltinModule('node:zlib');
  used = zstdCompressSync(sample, { dictionary: sample }).length < sample.length / 2;
  return used;
}
