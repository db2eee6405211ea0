import type { ConvertError } from '@x/convert';

import type { Style } from '../output/style.ts';
import { visible } from '../output/visible-text.ts';
import { hintOf, problemOf } from './hints.ts';

/** The parts of an error that people and machines are told. */
export interface Failure {
  readonly code: string | undefined;
  /** What happened, without the place. */
  readonly problem: string;
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly column: string | number | undefined;
  readonly row: number | undefined;
  readonly byteOffset: number | undefined;
  readonly hint: string | undefined;
}

/** Reads any error; those of the packages below have all of it, others have a message. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) {
    const nothing = { path: undefined, line: undefined, column: undefined, row: undefined };
    return { code: undefined, problem: String(error), ...nothing, byteOffset: undefined, hint: undefined };
  }
  const { code, path, line, column, row, byteOffset, hint } = error as Partial<ConvertError>;
  const { problem } = error as { readonly problem?: unknown };
  return {
    code,
    problem: problemOf(code, typeof problem === 'string' ? problem : withoutPlace(error.message)),
    path,
    line,
    column,
    row,
    byteOffset,
    hint: hintOf(code, hint),
  };
}

/** A message that ends with its place, which has a line of its own here. */
function withoutPlace(message: string): string {
  return message.replace(/ \((?:line|row) \d+(?:, column \S+)?\)$/, '');
}

/**
 * Three lines: what happened, where, and what to do; the second and third where they are known.
 *
 * @param path The file that an error is about which does not say it.
 */
export function describeFailure(error: unknown, style: Style, debug: boolean, path?: string): string {
  const own = failureOf(error);
  const failure = { ...own, path: own.path ?? path };
  const place = placeOf(failure);
  const lines = [
    `x: ${style.red(visible(failure.problem))}`,
    ...(place === '' ? [] : [`  at ${visible(place)}`]),
    ...(failure.hint === undefined ? [] : [`  ${visible(failure.hint)}`]),
    ...(debug ? [process.getBuiltinModule('node:util').inspect(error, { depth: 6 })] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** `file:line:column (byte n)`, as editors and terminals understand it. */
function placeOf({ path, line, column, row, byteOffset }: Failure): string {
  const position = line === undefined ? [] : [line, ...(typeof column === 'number' ? [column] : [])];
  // Of all that has lines, only the standard input has no path.
  const file = path === undefined && position.length > 0 ? 'stdin' : path;
  const place = [...(file === undefined || file === '' ? [] : [file]), ...position].join(':');
  const details = [
    ...(row === undefined || line !== undefined ? [] : [`row ${row}`]),
    ...(typeof column === 'string' ? [`column '${column}'`] : []),
    ...(byteOffset === undefined ? [] : [`byte ${byteOffset}`]),
  ].join(', ');
  if (place === '') return details;
  return details === '' ? place : `${place} (${details})`;
}
