import type { Command } from './processes.ts';
import type { Tool } from './tools.ts';

/** What a file of the sample is packed with, by its extension. */
export const packers = {
  '.gz': ['gzip', '-6nc'],
  '.zst': ['zstd', '-3qc'],
  '.bz2': ['bzip2', '-9c'],
  '.lz4': ['lz4', '-qc'],
} as const satisfies Record<string, readonly [Tool, string]>;

export type Packed = keyof typeof packers;

export interface Comparison {
  /** The name to ask for it by. */
  readonly name: string;
  /** What every contestant does. */
  readonly task: string;
  /** The packed form of the sample that they read; without one they read the sample itself. */
  readonly reads?: Packed;
  /** By the name to print: what runs. The file is the last argument. */
  readonly contestants: Readonly<Record<string, Command>>;
  /** The time of the first by that of the second, which should not be larger than the goal. */
  readonly goals: readonly (readonly [subject: string, reference: string, goal: number])[];
}

/** What this package may take at its peak in any of them, in MiB. */
export const memoryGoal = 120;

export const comparisons: readonly Comparison[] = [
  {
    name: 'gunzip',
    task: 'decompress gzip',
    reads: '.gz',
    contestants: {
      'x gunzip': ['ours', 'decompress', 'gzip'],
      'gzip -dc': ['gzip', '-dc'],
      'pigz -dc': ['pigz', '-dc'],
    },
    goals: [
      ['x gunzip', 'gzip -dc', 0.5],
      ['x gunzip', 'pigz -dc', 0.7],
    ],
  },
  {
    name: 'unzstd',
    task: 'decompress zstd',
    reads: '.zst',
    contestants: { 'x unzstd': ['ours', 'decompress', 'zstd'], 'zstd -dc': ['zstd', '-dc'] },
    goals: [['x unzstd', 'zstd -dc', 1.6]],
  },
  {
    name: 'gzip',
    task: 'compress with gzip at level 6',
    contestants: {
      'x gzip, 2 threads': ['ours', 'compress', 'gzip', '6', '2'],
      'x gzip, 1 thread': ['ours', 'compress', 'gzip', '6', '1'],
      'pigz -p 2': ['pigz', '-6', '-p', '2', '-c'],
    },
    goals: [
      ['x gzip, 2 threads', 'pigz -p 2', 0.75],
      ['x gzip, 2 threads', 'x gzip, 1 thread', 0.58],
    ],
  },
  {
    name: 'zstd',
    task: 'compress with zstd at level 3',
    contestants: {
      'x zstd, 2 threads': ['ours', 'compress', 'zstd', '3', '2'],
      'x zstd, 1 thread': ['ours', 'compress', 'zstd', '3', '1'],
      'zstd -T2': ['zstd', '-3', '-T2', '-qc'],
      'zstd --single-thread': ['zstd', '-3', '--single-thread', '-qc'],
    },
    goals: [
      ['x zstd, 2 threads', 'zstd -T2', 1.25],
      ['x zstd, 1 thread', 'zstd --single-thread', 1.15],
    ],
  },
  {
    name: 'writes',
    task: 'write to a zstd compressor',
    contestants: {
      '256-byte writes': ['ours', 'write', 'zstd', '256'],
      '256 KiB writes': ['ours', 'write', 'zstd', '262144'],
    },
    goals: [['256-byte writes', '256 KiB writes', 1.2]],
  },
  {
    name: 'parse',
    task: 'split into lines',
    reads: '.zst',
    contestants: {
      'for await over zstd': ['ours', 'parse', 'zstd'],
      'the parse alone': ['ours', 'parse', 'nothing'],
    },
    goals: [['for await over zstd', 'the parse alone', 1.4]],
  },
  {
    name: 'bunzip2',
    task: 'decompress bzip2',
    reads: '.bz2',
    contestants: { 'x bunzip2': ['ours', 'decompress', 'bzip2'], 'bzip2 -dc': ['bzip2', '-dc'] },
    goals: [['x bunzip2', 'bzip2 -dc', 1.1]],
  },
  {
    name: 'unlz4',
    task: 'decompress lz4',
    reads: '.lz4',
    contestants: { 'x unlz4': ['ours', 'decompress', 'lz4'], 'lz4 -dc': ['lz4', '-dc'] },
    goals: [['x unlz4', 'lz4 -dc', 2.5]],
  },
];
