import type { Dialect } from '@x/formats';

/** What a delimited file means, by the simplest program that can tell: one character at a time. */
export interface ModelDialect extends Required<Dialect> {
  readonly escape?: string;
  readonly comment?: string;
}

/**
 * The records of a text, or undefined where it is not in order. A line without anything is no record,
 * but an empty cell where records have one cell.
 */
export function modelRecords(text: string, dialect: ModelDialect): string[][] | undefined {
  const { delimiter, quote, escape, comment } = dialect;
  const records: { cells: string[]; isBlank: boolean }[] = [];
  let p = 0;
  const isEnd = (at: number) => at >= text.length || text[at] === '\n' || text[at] === '\r';
  const passLineEnd = () => {
    p += text[p] === '\r' && text[p + 1] === '\n' ? 2 : 1;
  };
  while (p < text.length) {
    if (comment !== undefined && text[p] === comment) {
      while (!isEnd(p)) p++;
      passLineEnd();
      continue;
    }
    const start = p;
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (quote !== '' && text[p] === quote) {
        p++;
        for (;;) {
          if (p >= text.length) return undefined;
          if (text[p] === escape && escape !== undefined) {
            if (p + 1 >= text.length) return undefined;
            cell += text[p + 1]!;
            p += 2;
          } else if (text[p] === quote && text[p + 1] === quote) {
            cell += quote;
            p += 2;
          } else if (text[p] === quote) {
            p++;
            break;
          } else cell += text[p++]!;
        }
        if (!isEnd(p) && text[p] !== delimiter) return undefined;
      } else {
        while (!isEnd(p) && text[p] !== delimiter) {
          if (text[p] === escape && escape !== undefined && p + 1 < text.length) p++;
          cell += text[p++]!;
        }
      }
      cells.push(cell);
      if (isEnd(p)) break;
      p++;
    }
    records.push({ cells, isBlank: p === start });
    passLineEnd();
  }
  const first = records.find(({ isBlank }) => !isBlank);
  const isSingle = first?.cells.length === 1;
  const from = first === undefined ? records.length : records.indexOf(first);
  return records.filter(({ isBlank }, i) => !isBlank || (isSingle && i > from)).map(({ cells }) => cells);
}

/** Whether all records have as many cells as the first. */
export function isEven(records: readonly (readonly string[])[]): boolean {
  return records.every((record) => record.length === records[0]!.length);
}
