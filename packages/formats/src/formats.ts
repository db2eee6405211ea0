import type { Format } from './contract.ts';
import { csv, psv, ssv, tsv } from './csv/format.ts';
import { json, jsonl } from './json/format.ts';

/** A format whose options are not known here. */
// oxlint-disable-next-line typescript/no-explicit-any -- each format has options of its own, checked by itself
export type AnyFormat = Format<any, any>;

/** The formats of this package. */
export const formats: readonly AnyFormat[] = [csv(), tsv(), psv(), ssv(), jsonl(), json()];

/** The format of that name, among the given ones. */
export function byName(name: string, among: readonly AnyFormat[] = formats): AnyFormat | undefined {
  return among.find((format) => format.name === name);
}

/** The name of the format that a path's extension, or the first bytes of a file, tell. */
export function detectFormat(
  pathOrHead: string | Uint8Array,
  among: readonly AnyFormat[] = formats,
): string | undefined {
  const found =
    typeof pathOrHead === 'string'
      ? among.find((format) => format.extensions.some((end) => pathOrHead.toLowerCase().endsWith(end)))
      : among.find(({ magic }) => magic !== undefined && startsWith(pathOrHead, magic));
  return found?.name;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
