import { FormatError } from '../format-error.ts';
import type { CellPlace } from '../value/cell-place.ts';

/** @throws {FormatError} UNREPRESENTABLE for half of a surrogate pair, which UTF-8 cannot hold. */
export function checkText(text: string, place: () => Omit<CellPlace, 'type'>): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  throw new FormatError('UNREPRESENTABLE', 'text with half of a surrogate pair cannot be UTF-8', {
    ...place(),
    hint: 'repair the text where it comes from',
  });
}
