import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { scratchFolder } from './scratch.ts';

export interface Folders {
  readonly sources: string;
  readonly out: string;
}

/** A folder of so many small inputs, and the name of one for their outputs. */
export function sourceFiles(files: number): Folders {
  const folder = scratchFolder();
  const sources = join(folder, 'in');
  mkdirSync(sources);
  for (let i = 0; i < files; i += 1) writeFileSync(join(sources, `${i}.csv`), `id,name\n${i},Zoë\n`);
  return { sources, out: join(folder, 'out') };
}

export const outputs = (out: string): string[] => readdirSync(out).filter((name) => name.endsWith('.jsonl'));

export const quick = { to: 'jsonl', retryDelay: 1, concurrency: 2 } as const;

export const manifest = (out: string): Record<string, unknown>[] =>
  readFileSync(join(out, '_SUCCESS'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
