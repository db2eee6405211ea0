import { readFile } from 'node:fs/promises';

import type { Moment, Operation, Outcome, Trace } from './operation.ts';

interface Origin {
  readonly pid: number;
  readonly thread: number;
  readonly call: number;
}

/** As the preloaded recorder writes them. */
type Line =
  | (Origin & { event: 'begin'; operation: string; data?: string } & Omit<
        Operation,
        'name' | 'data' | 'outcome'
      >)
  | (Origin & { event: 'end' } & Outcome)
  | (Origin & { event: 'acted'; action: string })
  | { event: 'mark'; name: string };

/** Reads what the preloaded recorder wrote. */
export async function readLog(path: string): Promise<Trace> {
  const text = await readFile(path, 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return traceOf(lines.map(parseLine));
}

function parseLine(text: string): Line {
  const line: Line = JSON.parse(text);
  return line;
}

function traceOf(lines: readonly Line[]): Trace {
  const moments: Moment[] = [];
  const acted: { call: number; action: string }[] = [];
  const open = new Map<string, Operation>();
  for (const line of lines) {
    switch (line.event) {
      case 'begin': {
        const { event: _event, operation: name, data, ...rest } = line;
        const operation: Operation = {
          ...rest,
          name,
          ...(data === undefined ? {} : { data: Buffer.from(data, 'base64') }),
        };
        open.set(keyOf(line), operation);
        moments.push({ at: 'begin', operation });
        break;
      }
      case 'end': {
        const operation = open.get(keyOf(line));
        if (operation === undefined) throw new Error(`Call ${keyOf(line)} ended before it began`);
        const { event: _event, pid: _pid, thread: _thread, call: _call, ...outcome } = line;
        operation.outcome = outcome;
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

const keyOf = ({ pid, thread, call }: Origin): string => `${pid}.${thread}.${call}`;
