/** What is measured: a line for each promise about speed. */
import type { DataName } from './data.ts';

export interface Line {
  readonly name: string;
  readonly title: string;
  readonly task: string;
  readonly data: DataName;
  /** Bytes of input. */
  readonly size: number;
  /** Extension of the output, where there is one. */
  readonly output?: string;
  /** Who else does the same, and what part of its wall time is the goal. */
  readonly peers: Readonly<Record<string, number | undefined>>;
  /** MB of input for a second of processor time. */
  readonly rateGoal?: number;
  /** MiB of memory at most. */
  readonly memoryGoal?: number;
  /** Measured fewer times where it takes long. */
  readonly rounds?: number;
}

const MB = 1e6;

/** 1.5 times as fast, and 3 times as fast. */
const [faster, thrice] = [1 / 1.5, 1 / 3];

const orders = { data: 'orders.csv', size: 100 * MB } as const;
const large = { peers: {}, size: 1000 * MB, memoryGoal: 120, rounds: 3 } as const;

export const lines: readonly Line[] = [
  {
    name: 'strings',
    title: 'CSV → JSONL, strings',
    task: 'csv-jsonl',
    ...orders,
    output: 'jsonl',
    peers: {
      polars: 0.7,
      duckdb: 0.4,
      udsv: 0.17,
      miller: 0.17,
      papaparse: undefined,
      'csv-parse': undefined,
    },
  },
  {
    name: 'types',
    title: 'CSV → JSONL, types inferred',
    task: 'csv-jsonl-types',
    ...orders,
    output: 'jsonl',
    peers: { polars: 0.75, duckdb: 0.35 },
  },
  {
    name: 'wide',
    title: 'CSV of 200 columns → JSONL, strings',
    task: 'csv-jsonl',
    data: 'wide.csv',
    size: 100 * MB,
    output: 'jsonl',
    peers: { polars: 0.6, duckdb: undefined },
  },
  {
    name: 'jsonl-csv',
    title: 'JSONL → CSV',
    task: 'jsonl-csv',
    data: 'orders.jsonl',
    size: 100 * MB,
    output: 'csv',
    peers: { polars: 0.9, duckdb: 0.6 },
  },
  {
    name: 'csv-psv',
    title: 'CSV → CSV with another delimiter',
    task: 'csv-psv',
    ...orders,
    output: 'psv',
    peers: { polars: undefined, duckdb: undefined },
  },
  {
    name: 'rows',
    title: 'CSV → row objects',
    task: 'rows',
    ...orders,
    peers: { udsv: faster, papaparse: thrice, 'csv-parse': undefined },
  },
  {
    name: 'large-strings',
    title: '1 GB of CSV → JSONL, strings',
    task: 'csv-jsonl',
    data: 'orders.csv',
    output: 'jsonl',
    ...large,
  },
  {
    name: 'large-types',
    title: '1 GB of CSV → JSONL, types inferred',
    task: 'csv-jsonl-types',
    data: 'orders.csv',
    output: 'jsonl',
    ...large,
  },
  {
    name: 'large-psv',
    title: '1 GB of CSV → CSV with another delimiter',
    task: 'csv-psv-blocking',
    data: 'orders.csv',
    output: 'psv',
    ...large,
    rateGoal: 600,
  },
  {
    name: 'large-jsonl-csv',
    title: '1 GB of JSONL → CSV',
    task: 'jsonl-csv',
    data: 'orders.jsonl',
    output: 'csv',
    ...large,
  },
  { name: 'large-rows', title: '1 GB of CSV → row objects', task: 'rows', data: 'orders.csv', ...large },
];
