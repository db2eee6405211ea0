import { Readable } from 'node:stream';

import { ConvertError } from '../errors.ts';

/** Whether somebody has read from a stream before; of other iterables nobody can tell. */
export function isBegun(source: unknown): boolean {
  return typeof source === 'object' && source !== null && Readable.isDisturbed(source as Readable);
}

/** Of a stream that gives nothing because somebody else had it all: it is no empty table. */
export function usedUp(): ConvertError {
  return new ConvertError('SOURCE_USED_UP', 'the source stream has been read already, and has no more', {
    hint: 'open it once more: a stream can be read once only',
  });
}
