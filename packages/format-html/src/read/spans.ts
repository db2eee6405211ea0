/** The text of a cell, or null. */
export type CellValue = string | null;

export interface Cell {
  readonly value: CellValue;
  readonly attributes: Readonly<Record<string, string>>;
}

/** As many as a spreadsheet has. */
const mostColumns = 16_384;
/** What HTML allows (4.9.11). */
const [mostColspan, mostRowspan] = [1000, 65_534];

/** Lays cells out in columns (HTML, 4.9.12): one that spans several columns or rows is in each of them. */
export class Spans {
  /** By column, a cell from above, and how many more rows it is in. */
  #fromAbove: ({ readonly value: CellValue; left: number } | undefined)[] = [];

  /** The values of a row; undefined when there are too many. */
  rowOf(cells: readonly Cell[]): readonly CellValue[] | undefined {
    const values: CellValue[] = [];
    for (const { value, attributes } of cells) {
      this.#pass(values);
      const across = spanOf(attributes['colspan'], mostColspan);
      const down = spanOf(attributes['rowspan'], mostRowspan);
      for (let i = 0; i < across; i++) {
        if (down > 1) this.#fromAbove[values.length] = { value, left: down - 1 };
        values.push(value);
      }
      if (values.length > mostColumns) return undefined;
    }
    this.#pass(values);
    return values;
  }

  /** Puts in what reaches down from above. */
  #pass(values: CellValue[]): void {
    for (
      let above = this.#fromAbove[values.length];
      above !== undefined;
      above = this.#fromAbove[values.length]
    ) {
      if (--above.left === 0) this.#fromAbove[values.length] = undefined;
      values.push(above.value);
    }
  }
}

function spanOf(text: string | undefined, most: number): number {
  const number = /^\s*(\d+)/.exec(text ?? '')?.[1];
  return number === undefined ? 1 : Math.min(Math.max(Number(number), 1), most);
}
