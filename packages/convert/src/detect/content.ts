import { type CodecName, decompress } from '@x/codecs';

import type { KnownFormats } from '../formats/known-formats.ts';

/** What the first bytes say, and how sure that is: 1 is certain. */
export interface ContentHint {
  readonly format: string;
  readonly confidence: number;
}

/** How sure several lines of one shape make a delimited format. */
export const sureOfLines = 0.8;

const wanted = 64 * 1024;

/** Enough lines to see what they are delimited by. */
const wantedOfLines = 8 * 1024;

/** The first bytes behind the compression; fewer where the head is short or broken. */
export async function decompressedHead(head: Uint8Array, codec: CodecName): Promise<Uint8Array> {
  if (codec === 'identity') return head.subarray(0, wanted);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of decompress([head], codec)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= wanted) break;
    }
  } catch {
    // A head ends where it is cut. Whether the rest is in order, the run itself finds out.
  }
  return Buffer.concat(chunks).subarray(0, wanted);
}

/** Tells a format by its magic bytes, else by what the text looks like. */
export function formatOfContent(head: Uint8Array, formats: KnownFormats): ContentHint | undefined {
  const byMagic = formats.ofHead(head);
  if (byMagic !== undefined) return { format: byMagic, confidence: 1 };
  // Text holds no NUL; much else that is not text does.
  if (head.includes(0)) return undefined;
  const text = textOf(head.subarray(0, wantedOfLines));
  if (text === '') return undefined;
  if (!/^[[{]/.test(text)) return formatOfDelimited(text);
  const whole = textOf(head);
  return formatOfJson(whole) ?? formatOfDelimited(text);
}

/** Without the blanks before it, of which a byte order mark is one. */
const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString().trimStart();

/** An object that ends with its line is JSON Lines; anything else that begins like JSON may be JSON. */
function formatOfJson(text: string): ContentHint | undefined {
  if (text.startsWith('[')) return parses(text) ? { format: 'json', confidence: 1 } : likelyJson(text);
  if (!text.startsWith('{')) return undefined;
  const lineEnd = text.indexOf('\n');
  const firstLine = lineEnd < 0 ? text : text.slice(0, lineEnd);
  if (parses(firstLine)) return { format: 'jsonl', confidence: 1 };
  return likelyJson(text);
}

/** JSON whose end is out of sight: what follows the bracket must at least be possible. */
function likelyJson(text: string): ContentHint | undefined {
  return /^(?:\[\s*(?:[[{"\d-]|true|false|null|\])|\{\s*["}])/.test(text)
    ? { format: 'json', confidence: 0.9 }
    : undefined;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const delimiters = [
  [',', 'csv'],
  ['\t', 'tsv'],
  ['|', 'psv'],
  [';', 'ssv'],
] as const;

/** The delimiter that every complete line has, equally often; the most frequent one of those. */
function formatOfDelimited(text: string): ContentHint | undefined {
  const lines = linesOf(text);
  // It may be cut.
  const last = lines.length > 1 ? lines.pop()! : '';
  let best: { readonly format: string; readonly count: number; readonly confidence: number } | undefined;
  const [first = '', ...others] = lines.filter((line) => line !== '');
  for (const [delimiter, format] of delimiters) {
    const count = countOf(delimiter, first);
    if (count === 0 || others.some((line) => countOf(delimiter, line) !== count)) continue;
    const isSure = others.length > 0 || countOf(delimiter, last) === count;
    if (!best || count > best.count) best = { format, count, confidence: isSure ? sureOfLines : 0.5 };
  }
  return best && { format: best.format, confidence: best.confidence };
}

/** Whether nothing but blanks follows the first line that has more than these. */
export const isOneLine = (head: Uint8Array): boolean => !/\n\s*\S/.test(textOf(head));

/** Whether the first line, read as this delimited format, would be one cell. */
export function isOneColumn(head: Uint8Array, format: string): boolean {
  const delimiter = delimiters.find(([, name]) => name === format)?.[0];
  if (delimiter === undefined) return false;
  const [first = ''] = linesOf(textOf(head.subarray(0, wantedOfLines)));
  return countOf(delimiter, first) === 0;
}

/** Quoted cells may hold anything; without them each line is a record. */
function linesOf(text: string): string[] {
  return text.replaceAll(/"(?:[^"]|"")*"/g, '').split(/\r\n|\n|\r/);
}

function countOf(delimiter: string, line: string): number {
  return line.split(delimiter).length - 1;
}
