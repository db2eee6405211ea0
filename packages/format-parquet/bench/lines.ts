/** What is measured: a line for each promise about speed and memory. */
import type { DataName } from '../../formats/bench/data.ts';

export interface Line {
  readonly name: string;
  readonly title: string;
  readonly task: `${FormatName}-${FormatName}`;
  /** What the input is, or is made of where it is Parquet. */
  readonly data: DataName;
  /** Bytes of text. */
  readonly size: number;
  /** Who else does the same, and what part of its wall time is the goal. */
  readonly peers: Readonly<Record<string, number>>;
  /** MiB of memory at most. */
  readonly memoryGoal?: number;
  readonly rounds?: number;
}

export type FormatName = 'csv' | 'jsonl' | 'parquet';

const MB = 1e6;
const peers = { duckdb: 1.5, hyparquet: 1 / 3, 'parquet-wasm': 1 / 3 } as const;

const tasks = [
  { name: 'csv-parquet', title: 'CSV → Parquet', data: 'orders.csv' },
  { name: 'jsonl-parquet', title: 'JSONL → Parquet', data: 'orders.jsonl' },
  { name: 'parquet-csv', title: 'Parquet → CSV', data: 'orders.csv' },
  { name: 'parquet-jsonl', title: 'Parquet → JSONL', data: 'orders.csv' },
] as const;

export const lines: readonly Line[] = [
  ...tasks.map(({ name, title, data }) => ({ name, title, data, task: name, size: 100 * MB, peers })),
  ...tasks.map(({ name, title, data }) => ({
    name: `large-${name}`,
    title: `${title}, 1 GB of text`,
    task: name,
    data,
    size: 1000 * MB,
    peers: {},
    memoryGoal: 400,
    rounds: 1,
  })),
];
