import type { Style } from './style.ts';
import { fitted, padded, visible, width } from './visible-text.ts';

export interface TableColumn {
  readonly title: string;
  /** Default `left`; numbers read better on the right. */
  readonly align?: 'left' | 'right' | undefined;
}

/** A cell that is not there looks different from one that says `null`. */
export type TableCell = string | undefined;

interface Room {
  /** Columns of the terminal; undefined where nothing is cut. */
  readonly width: number | undefined;
  readonly indent?: string;
}

const gap = '  ';
/** No column takes more than this, so that one long text does not push the others out of sight. */
const widest = 40;
/** A column is not made narrower than this, since cut numbers mislead; columns that do not fit are left out instead. */
const narrowest = 12;

/** A table in plain text: titles, a line, the rows. Says how many columns there was no room for. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  style: Style,
  { width: room, indent = '' }: Room,
): string {
  const titles = columns.map(({ title }) => visible(title));
  const cells = rows.map((row) =>
    columns.map((_, i) => (row[i] === undefined ? undefined : visible(row[i]))),
  );
  const natural = titles.map((title, i) =>
    Math.max(1, width(title), ...cells.map((row) => width(row[i] ?? ''))),
  );
  const widths = shareRoom(natural, room === undefined ? undefined : room - width(indent));
  const line = (texts: readonly TableCell[], look: (text: string) => string): string => {
    const parts = widths.map((columns_, i) => {
      const text = fitted(texts[i] ?? '·', columns_);
      const shown = padded(text, columns_, columns[i]!.align ?? 'left');
      return texts[i] === undefined ? style.dim(shown) : look(shown);
    });
    return `${indent}${parts.join(gap).trimEnd()}\n`;
  };
  const rule = widths.map((columns_) => '─'.repeat(columns_)).join(gap);
  const left = columns.length - widths.length;
  const names = titles.slice(widths.length).join(', ');
  const note = left === 0 ? '' : fitted(`… and ${left} more: ${names}`, (room ?? 80) - width(indent));
  return [
    line(titles, style.bold),
    `${indent}${style.dim(rule)}\n`,
    ...cells.map((row) => line(row, String)),
    note === '' ? '' : `${indent}${style.dim(note)}\n`,
  ].join('');
}

/** Takes from the widest until all fit; where that is not enough, columns at the end are left out. */
function shareRoom(natural: readonly number[], room: number | undefined): number[] {
  if (room === undefined) return natural.map((one) => Math.min(one, widest));
  const most = Math.max(1, Math.floor((room + gap.length) / (1 + gap.length)));
  const widths = natural.slice(0, most).map((one) => Math.min(one, widest));
  const total = (): number => widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1));
  while (total() > room) {
    const broadest = Math.max(...widths);
    if (broadest > narrowest) widths[widths.indexOf(broadest)] = broadest - 1;
    else if (widths.length > 1) widths.pop();
    else break;
  }
  // What the columns left out have set free goes back to those that were made narrower.
  for (let free = room - total(), i = 0; free > 0 && i < widths.length; i += 1) {
    const wanted = Math.min(natural[i]!, widest) - widths[i]!;
    const given = Math.min(wanted, free);
    widths[i]! += given;
    free -= given;
  }
  return widths;
}
