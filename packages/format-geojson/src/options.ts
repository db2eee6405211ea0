import type { CommonWriteOptions, EncodingOptions } from '@x/formats';
import { count, type KeyedReadOptions, type KeyedRowsPlan, oneOf, planKeyed } from '@x/formats/rows';

export const format = 'geojson';

export interface GeojsonReadOptions extends KeyedReadOptions, EncodingOptions {
  /**
   * A collection that says it has other coordinates than longitude and latitude (WGS 84), as files older than
   * RFC 7946 may. `ignore`: they are read as they are. Default `error`, because nobody downstream could tell.
   */
  readonly onOtherCrs?: 'error' | 'ignore';
  /** Bytes of a feature from which on it is refused. Default 64 MiB. */
  readonly maxRecordBytes?: number;
}

export type GeojsonWriteOptions = CommonWriteOptions;

export interface ReadPlan extends KeyedRowsPlan {
  readonly ignoresCrs: boolean;
  readonly maxRecordBytes: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: GeojsonReadOptions): ReadPlan {
  return {
    ...planKeyed(format, options),
    ignoresCrs: oneOf(format, 'onOtherCrs', options.onOtherCrs, ['error', 'ignore']) === 'ignore',
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 64 * 1024 * 1024, 1),
  };
}
