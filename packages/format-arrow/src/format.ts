import type { Format } from '@x/formats';

import type { ArrowReadOptions, ArrowWriteOptions } from './options.ts';
import { planRead } from './read/read-plan.ts';
import { ArrowReader } from './read/reader.ts';
import { planWrite } from './write/write-plan.ts';
import { ArrowWriter } from './write/writer.ts';

const optionNames = {
  read: { maxBatchBytes: true, endMark: true },
  write: {
    compression: true,
    compressionLevel: true,
    recordBatchSize: true,
    scanLimit: true,
    nested: true,
    onExtraKey: true,
  },
} as const;
const capabilities = { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' } as const;

/**
 * Arrow IPC files, which are Feather version 2 as well:
 * https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format. Its reader takes streams, too.
 */
export const arrow = (): Format<ArrowReadOptions, ArrowWriteOptions> => ({
  name: 'arrow',
  extensions: ['.arrow', '.feather', '.ipc'],
  mediaTypes: ['application/vnd.apache.arrow.file'],
  magic: Buffer.from('ARROW1'),
  capabilities,
  optionNames,
  createReader: (bytes, options = {}) => new ArrowReader(bytes, planRead('arrow', options)),
  createWriter: (sink, options = {}) => new ArrowWriter(sink, planWrite('arrow', 'file', options)),
});

/**
 * Arrow IPC streams: https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format. Its reader takes files,
 * too.
 */
export const arrowStream = (): Format<ArrowReadOptions, ArrowWriteOptions> => ({
  ...arrow(),
  name: 'arrow-stream',
  extensions: ['.arrows'],
  mediaTypes: ['application/vnd.apache.arrow.stream'],
  magic: Buffer.from([0xff, 0xff, 0xff, 0xff]),
  createReader: (bytes, options = {}) => new ArrowReader(bytes, planRead('arrow-stream', options)),
  createWriter: (sink, options = {}) => new ArrowWriter(sink, planWrite('arrow-stream', 'stream', options)),
});
