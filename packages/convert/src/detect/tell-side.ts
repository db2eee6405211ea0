import { byName as codecByName, type CodecName, codecs, detectCodec } from '@x/codecs';

import { ConvertError } from '../errors.ts';
import type { KnownFormats } from '../formats/known-formats.ts';
import { nearest } from '../nearest.ts';
import type { Endpoint } from '../options.ts';
import { decompressedHead, formatOfContent, isOneColumn, isOneLine, sureOfLines } from './content.ts';
import { nameHints } from './name-hints.ts';

/** What a source is. */
export interface Detection {
  /** Name of the format; undefined where nothing tells it. */
  readonly format: string | undefined;
  /** Name of the codec; `identity` where the data is not compressed. */
  readonly codec: CodecName;
  /** How sure the format is, 0 to 1. */
  readonly confidence: number;
  /** What the format was told by. */
  readonly method: 'explicit' | 'content' | 'name' | 'none';
}

/**
 * Decides what a source is: what is said explicitly beats what the content says, which beats what
 * the name says. A name that says something else than certain content is refused, since one of the
 * two is wrong and nobody can tell which.
 *
 * @throws {ConvertError} `BAD_OPTION` or `NAME_CONTRADICTS_CONTENT`.
 */
export async function tellSource(
  source: { readonly path: string | undefined; readonly head: Uint8Array },
  explicit: Endpoint,
  formats: KnownFormats,
): Promise<Detection> {
  const { path, head } = source;
  const hints = path === undefined ? { codec: undefined, format: undefined } : nameHints(path, formats.signs);
  const codec =
    explicit.codec === undefined ? tellCodec(head, hints.codec, path) : codecNamed(explicit.codec, path);
  if (explicit.format !== undefined)
    return { format: explicit.format, codec, confidence: 1, method: 'explicit' };

  const text = await decompressedHead(head, codec);
  const content = formatOfContent(text, formats);
  const named = hints.format;
  // One object on one line is a row of JSON Lines as well as a document, whose rows may be at a path in it.
  if (named === 'json' && content?.format === 'jsonl' && isOneLine(text))
    return { format: named, codec, confidence: 1, method: 'name' };
  // A file with semicolons is often named .csv; with commas it would be one column.
  const isMisnamed =
    content?.confidence === sureOfLines &&
    named !== undefined &&
    isDelimited(content.format) &&
    isOneColumn(text, named);
  if (isMisnamed && explicit['delimiter'] === undefined) return { ...content, codec, method: 'content' };
  if (content && named !== undefined && content.format !== named && !areRelated(content.format, named)) {
    // Only certain content can contradict, and only a name whose own files are certain as well.
    if (content.confidence === 1 && formats.canBeSeen(named))
      throw contradiction(named, content.format, path);
    // Or content that is certainly not what the name says.
    const isOther = content.confidence === sureOfLines && neverLines.has(named);
    if (isOther) throw contradiction(named, content.format, path);
    return { format: named, codec, confidence: 0.9, method: 'name' };
  }
  if (content && (content.confidence === 1 || named === undefined))
    return { ...content, codec, method: 'content' };
  if (named !== undefined) return { format: named, codec, confidence: content ? 1 : 0.9, method: 'name' };
  return { format: undefined, codec, confidence: 0, method: 'none' };
}

const delimited = ['csv', 'tsv', 'psv', 'ssv'];

const isDelimited = (format: string): boolean => delimited.includes(format);

/** Files of these do not begin with lines of cells: they begin with a bracket, or are no text. */
const neverLines = new Set('json jsonl geojson parquet arrow arrow-stream avro ods xlsx sqlite'.split(' '));

/** JSON Lines in a `.json` file is common, and the delimited formats differ in a habit only. */
function areRelated(a: string, b: string): boolean {
  const families = [
    ['json', 'jsonl'],
    delimited,
    // Both readers take both.
    ['arrow', 'arrow-stream'],
  ];
  return families.some((family) => family.includes(a) && family.includes(b));
}

function tellCodec(head: Uint8Array, named: CodecName | undefined, path: string | undefined): CodecName {
  const content = detectCodec(head);
  if (named === undefined) return content ?? 'identity';
  const { magic } = codecByName(named);
  // Formats may have a beginning in common, as zstd and lz4 have.
  if (magic?.(head) === true) return named;
  const canBeSeen = magic !== undefined && head.length > 0;
  if (content !== named && (content !== undefined || canBeSeen)) {
    throw contradiction(named, content ?? 'not compressed', path);
  }
  return named;
}

export function codecNamed(name: string, path: string | undefined): CodecName {
  const found = codecs.find((codec) => codec.name === name);
  if (found) return found.name;
  const names = codecs.map((codec) => codec.name);
  const meant = codecMeant(name.toLowerCase()) ?? nearest(name, names);
  const hint = `${meant === undefined ? '' : `did you mean '${meant}'? `}codecs are ${names.join(', ')}`;
  throw new ConvertError('BAD_OPTION', `there is no codec '${name}'`, { path, hint });
}

/** By the ending of its files, as in `gz`, or by what none is called elsewhere. */
function codecMeant(name: string): CodecName | undefined {
  if (name === 'none') return 'identity';
  return codecs.find(({ extensions }) => extensions.includes(`.${name.replace(/^\./, '')}`))?.name;
}

function contradiction(named: string, content: string, path: string | undefined): ConvertError {
  return new ConvertError('NAME_CONTRADICTS_CONTENT', `the name says ${named}, the content is ${content}`, {
    path,
    hint: 'rename the file, or say what it is (options from.format and from.codec; --from and --from-codec)',
  });
}
