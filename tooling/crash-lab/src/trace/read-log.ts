import { readFile } from 'node:fs/promises';

import type { Moment, Operation, Outcome, Trace } from './operation.ts';

interface Line {
  readonly event: 'begin' | 'end' | 'mark' | 'acted';
  readonly pid: number;
  readonly thread: number;
  readonly call: number;
  readonly operation: string;
  readonly name: string;
  readonly action: string;
  readonly data?: string;
}

/** Reads what the preloaded recorder wrote. */
export async function readLog(path: string): Promise<Trace> {
  const text = await readFile(path, 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return traceOf(lines.map((line) => JSON.parse(line) as Line));
}

function traceOf(lines: readonly Line[]): Trace {
  const moments: Moment[] = [];
  const acted: { call: number; action: string }[] = [];
  const open = new Map<string, Operation>();
  for (const line of lines) {
    const key = `${line.pid}.${line.thread}.${line.call}`;
    switch (line.event) {
      case 'begin': {
        const { event: _event, operation: name, data, ...rest } = line;
        const operation = {
          ...rest,
          name,
          ...(data === undefined ? {} : { data: Buffer.from(data, 'base64') }),
        } as Operation;
        open.set(key, operation);
        moments.push({ at: 'begin', operation });
        break;
      }
      case 'end': {
        const operation = open.get(key);
        if (operation === undefined) throw new Error(`Call ${key} ended before it began`);
        const { event: _event, pid: _pid, thread: _thread, call: _call, ...outcome } = line;
        operation.outcome = outcome as Outcome;
        moments.push({ at: 'end', operation });
        break;
      }
      case 'mark':
        moments.push({ at: 'mark', name: line.name });
        break;
      case 'acted':
        acted.push({ call: line.call, action: line.action });
        break;
    }
  }
  return { moments, acted };
}
