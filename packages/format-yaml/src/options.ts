import type { CommonWriteOptions, EncodingOptions } from '@x/formats';
import { count, type KeyedReadOptions, type KeyedRowsPlan, oneOf, planKeyed } from '@x/formats/rows';

export const format = 'yaml';

export interface YamlReadOptions extends KeyedReadOptions, EncodingOptions {
  /**
   * A tag that YAML itself does not have (`!Ref`, `!ruby/object`). `ignore` reads the value as if it were
   * not there. Default `error`. No tag ever makes anything but a value.
   */
  readonly unknownTags?: 'error' | 'ignore';
  /**
   * How large all that the aliases of a row stand for may be, in values and characters of text; 0 allows no
   * aliases. Default 1,000,000.
   */
  readonly maxAliasSize?: number;
  /** Lists and objects inside each other. Default 256. */
  readonly maxDepth?: number;
  /**
   * Bytes that an item of the list, or a document that is no such list, may have; and all that a document
   * has anchors on. Default 8 MiB.
   */
  readonly maxRecordBytes?: number;
  /** Words and signs that such a part may have. Default 1,000,000, which take about 600 MiB at worst. */
  readonly maxRecordTokens?: number;
}

export interface YamlWriteOptions extends CommonWriteOptions {
  /** What rows are: items of one list, or a document each. Default `list`. */
  readonly layout?: 'list' | 'documents';
}

export interface ReadPlan extends KeyedRowsPlan {
  readonly ignoresUnknownTags: boolean;
  readonly maxAliasSize: number;
  readonly maxDepth: number;
  readonly maxRecordBytes: number;
  readonly maxRecordTokens: number;
}

export interface WritePlan {
  readonly layout: 'list' | 'documents';
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: YamlReadOptions): ReadPlan {
  return {
    ...planKeyed(format, options),
    ignoresUnknownTags: oneOf(format, 'unknownTags', options.unknownTags, ['error', 'ignore']) === 'ignore',
    maxAliasSize: count(format, 'maxAliasSize', options.maxAliasSize, 1_000_000, 0),
    maxDepth: count(format, 'maxDepth', options.maxDepth, 256, 1),
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 8 * 1024 * 1024, 1),
    maxRecordTokens: count(format, 'maxRecordTokens', options.maxRecordTokens, 1_000_000, 1),
  };
}

/** @throws {FormatError} BAD_OPTION */
export function planWrite(options: YamlWriteOptions): WritePlan {
  return { layout: oneOf(format, 'layout', options.layout, ['list', 'documents']) };
}
