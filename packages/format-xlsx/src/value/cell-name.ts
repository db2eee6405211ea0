import { maxColumns } from '@x/formats/rows';

/** The column of a cell's name, from 0; undefined when it is no name. */
export function columnOf(name: string): number | undefined {
  let column = 0;
  let i = 0;
  for (; i < name.length; i++) {
    const letter = name.charCodeAt(i) & 0xdf;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return i === 0 || column > maxColumns ? undefined : column - 1;
}
