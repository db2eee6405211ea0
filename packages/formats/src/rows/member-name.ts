import type { Value } from '../contract.ts';
import type { ByteCursor } from './byte-cursor.ts';

const hintOfKeys = 'a column needs a name: have the maps written with texts as keys';

/**
 * The name that a key gives in a map: texts and numbers give one. What is wrong with it is noted.
 *
 * @param known The members in front of it.
 * @param at Where the key begins.
 */
export function memberName(
  cursor: ByteCursor,
  key: Value,
  known: ReadonlyMap<string, Value>,
  at: number,
): string {
  const isName = typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint';
  if (!isName) cursor.addFlaw('UNSUPPORTED', 'a key is neither text nor a number', hintOfKeys, at);
  const name = isName ? String(key) : '';
  if (known.has(name)) {
    const what = `the key ${JSON.stringify(name)} is there twice`;
    cursor.addFlaw('DUPLICATE_KEY', what, 'have one of them left out where it is written', at);
  }
  return name;
}
