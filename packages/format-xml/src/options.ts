import { type CommonWriteOptions, FormatError } from '@x/formats';
import { count, type KeyedReadOptions, type KeyedRowsPlan, oneOf, planKeyed } from '@x/formats/rows';

import { checkName } from './names.ts';

export const format = 'xml';

export interface XmlReadOptions extends KeyedReadOptions {
  /**
   * The name of the elements that are rows, with its prefix, wherever they are. Default the children of
   * the root, which then have to be of one name.
   */
  readonly record?: string;
  /** Names of elements that are always a list, also where there is one alone. */
  readonly lists?: readonly string[];
  /** Prefixes of names: `strip` leaves them out. Default `keep`. */
  readonly prefixes?: 'keep' | 'strip';
  /** `decode`: `two_x0020_words` is `two words`, as SQL Server writes it and this package can. Default `keep`. */
  readonly names?: 'keep' | 'decode';
  /** Elements inside each other. Default 256. */
  readonly maxDepth?: number;
  /** Characters that a record may have, with what is in front of it. Default 64 Mi. */
  readonly maxRecordBytes?: number;
}

export interface XmlWriteOptions extends CommonWriteOptions {
  /** Name of the root. Default `rows`. */
  readonly root?: string;
  /** Name of the element of a row. Default `row`. */
  readonly record?: string;
  /** A name of a column that XML does not allow. `encode`: `two words` becomes `two_x0020_words`. Default `error`. */
  readonly names?: 'error' | 'encode';
}

export interface ReadPlan extends KeyedRowsPlan {
  readonly record: string | undefined;
  readonly lists: ReadonlySet<string>;
  readonly stripsPrefixes: boolean;
  readonly decodesNames: boolean;
  readonly maxDepth: number;
  readonly maxRecordBytes: number;
}

export interface WritePlan {
  readonly root: string;
  readonly record: string;
  readonly encodesNames: boolean;
  readonly onBadRow: XmlWriteOptions['onBadRow'];
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: XmlReadOptions): ReadPlan {
  return {
    ...planKeyed(format, options),
    record: options.record,
    lists: new Set(options.lists),
    stripsPrefixes: oneOf(format, 'prefixes', options.prefixes, ['keep', 'strip']) === 'strip',
    decodesNames: oneOf(format, 'names', options.names, ['keep', 'decode']) === 'decode',
    maxDepth: count(format, 'maxDepth', options.maxDepth, 256, 1),
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 64 * 1024 * 1024, 1),
  };
}

/** @throws {FormatError} BAD_OPTION */
export function planWrite(options: XmlWriteOptions): WritePlan {
  const { root = 'rows', record = 'row' } = options;
  for (const [option, name] of Object.entries({ root, record })) {
    if (checkName(name)) continue;
    const hint =
      'it takes a name of XML: letters, digits, underscores, dots and hyphens, a letter or underscore first';
    throw new FormatError('BAD_OPTION', `${option} is ${JSON.stringify(name)}`, { format, hint });
  }
  return {
    root,
    record,
    encodesNames: oneOf(format, 'names', options.names, ['error', 'encode']) === 'encode',
    onBadRow: options.onBadRow,
  };
}
