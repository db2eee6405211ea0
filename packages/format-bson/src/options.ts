import type { CommonWriteOptions } from '@x/formats';
import type { SequenceReadOptions } from '@x/formats/rows';

export const format = 'bson';

export type BsonReadOptions = SequenceReadOptions;

export type BsonWriteOptions = CommonWriteOptions;
