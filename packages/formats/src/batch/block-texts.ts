import type { CellsLayout } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';
import { Report, type SimdKernel } from '../kernel/simd.ts';
import { ArenaCells } from './arena-cells.ts';

/** Cells that the kernel looks at in one call at most. */
const mostCells = 4096;

/** Characters of the text that others are cut from, at most: a cell that is cut keeps all of it in memory. */
const mostText = 1_048_576;

/** What the kernel says of a cell's text, besides a number. assembly/cell-texts.ts has the same. */
const Flag = { isNew: 0x2000, isLong: 0x4000, isWide: 0x8000 } as const;
const numberMask = 0xfff;

/**
 * The texts of the cells of some rows at once: most texts in a table are there again and again, and are
 * made only once; the others are cut from one long text.
 */
export class BlockTexts {
  readonly #arena: Arena;
  readonly #kernel: SimdKernel;
  readonly #pairsAt: number;
  readonly #kindsAt: number;
  readonly #stride: number;
  readonly #isWanted: Uint8Array;
  /** Of the cells, row after row; only those of the wanted columns count. */
  readonly texts: string[] = [];
  /** First row, and just after the last. */
  from = 0;
  to = 0;

  private constructor(cells: ArenaCells, kernel: SimdKernel) {
    const { arena, pairsAt, kindsAt, stride, order } = cells.place;
    this.#arena = arena;
    this.#kernel = kernel;
    this.#pairsAt = pairsAt;
    this.#kindsAt = kindsAt;
    this.#stride = stride;
    this.#isWanted = new Uint8Array(stride);
    for (const number of order) this.#isWanted[number] = 1;
  }

  /** Undefined where the kernel cannot help. */
  static of(layout: CellsLayout): BlockTexts | undefined {
    if (!(layout instanceof ArenaCells) || layout.stride === 0 || layout.stride > mostCells) return undefined;
    const { kernel } = layout.place.arena;
    return kernel && new BlockTexts(layout, kernel);
  }

  /**
   * Makes the texts of the rows from `row` on, as many as are handy of `rows`. False where it is better
   * to have each row's by itself.
   */
  read(row: number, rows: number): boolean {
    // Once the reader is closed, the memory may be another's.
    if (this.#arena.kernel !== this.#kernel) return false;
    const stride = this.#stride;
    const pairsAt = this.#pairsAt + row * stride * 8;
    const most = Math.min(rows, Math.floor(mostCells / stride));
    this.#kernel.codeTexts(pairsAt, this.#kindsAt + row * stride, most, stride);
    const { bytes, words, texts: known } = this.#arena;
    const start = words[Report.start]!;
    const count = words[Report.rows]!;
    const end = Math.max(start, words[Report.end]!);
    const isAlone = words[Report.longWide]! > count || end - start > mostText;
    const text = isAlone || start === end ? '' : bytes.toString('latin1', start, end);
    this.from = row;
    this.to = row + count;
    const { texts } = this;
    const isWanted = this.#isWanted;
    let word = pairsAt >>> 2;
    let code = this.#kernel.textCodes() >>> 1;
    const codes = new Uint16Array(bytes.buffer, bytes.byteOffset);
    let cell = 0;
    for (let i = 0; i < count; i++) {
      for (let column = 0; column < stride; column++, cell++, word += 2) {
        const own = codes[code++]!;
        if (own <= numberMask) texts[cell] = known[own]!;
        else if ((own & Flag.isNew) !== 0) {
          const encoding = (own & Flag.isWide) === 0 ? 'latin1' : 'utf8';
          known[own & numberMask] = texts[cell] = bytes.toString(encoding, words[word], words[word + 1]);
        } else if (isAlone || isWanted[column] === 0) continue;
        else if ((own & Flag.isWide) === 0)
          texts[cell] = text.slice(words[word]! - start, words[word + 1]! - start);
        else texts[cell] = bytes.toString('utf8', words[word], words[word + 1]);
      }
    }
    return !isAlone;
  }
}
