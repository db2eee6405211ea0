import { count, size } from '../output/quantity.ts';
import { cellText, sampleTable } from '../output/sample.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { visible } from '../output/visible-text.ts';
import type { Findings } from './findings.ts';

interface Subject {
  readonly name: string;
  readonly format: string | undefined;
  readonly codec: string;
  readonly method: 'explicit' | 'content' | 'name' | 'none';
  readonly bytes: number | undefined;
}

const toldBy = { explicit: 'as you said', content: 'by its content', name: 'by its name', none: '' } as const;

/** What is known of a file, as people read it. */
export function findingsText(
  subject: Subject,
  found: Findings,
  style: Style,
  width: number | undefined,
): string {
  const { rows, rowsLookedAt, columns, sample } = found;
  const facts: (readonly [string, string])[] = [
    ['format', `${subject.format ?? '?'} ${style.dim(`(${toldBy[subject.method]})`)}`],
    ['compression', subject.codec === 'identity' ? 'none' : subject.codec],
    ...(subject.bytes === undefined ? [] : [['size', size(subject.bytes)] as const]),
    ['rows', rows === undefined ? `more than ${count(rowsLookedAt)}` : count(rows)],
    ['columns', count(columns.length)],
  ];
  const nullsTitle = rows === rowsLookedAt ? 'nulls' : `nulls in ${count(rowsLookedAt)}`;
  const columnTable = table(
    [{ title: 'column' }, { title: 'type' }, { title: nullsTitle, align: 'right' }, { title: 'example' }],
    columns.map(({ name, type, nulls, example }) => [name, type, count(nulls), cellText(example)]),
    style,
    { width, indent: '  ' },
  );
  const rowTable = sampleTable(
    columns.map(({ name, type }) => ({ name, type: { kind: type } })),
    sample,
    style,
    { width, indent: '  ' },
  );
  return [
    `${style.bold(visible(subject.name === '-' ? 'stdin' : subject.name))}\n`,
    ...facts.map(([name, value]) => `  ${name.padEnd(11)}  ${value}\n`),
    ...(columns.length === 0 ? [] : ['\n', columnTable]),
    ...(sample.length === 0 ? [] : ['\n', rowTable]),
  ].join('');
}
