import type { Format } from '@x/formats';
import { RowsReader, TableWriter } from '@x/formats/rows';

import { format, type HtmlReadOptions, type HtmlWriteOptions, planRead } from './options.ts';
import { TableSource } from './read/table-source.ts';
import { HtmlEncoder } from './write/html-encoder.ts';

/** A table in an HTML document. */
export const html = (): Format<HtmlReadOptions, HtmlWriteOptions> => ({
  name: format,
  extensions: ['.html', '.htm'],
  mediaTypes: ['text/html'],
  capabilities: { read: true, write: true, typed: false, nested: false, randomAccess: 'unused' },
  optionNames: {
    read: {
      encoding: true,
      onInvalidText: true,
      table: true,
      header: true,
      onRagged: true,
      onDuplicateColumn: true,
      onEmptyColumnName: true,
      maxDepth: true,
      maxRecordLength: true,
    },
    write: { onExtraKey: true, title: true },
  },
  createReader: (bytes, options = {}) =>
    new RowsReader(format, new TableSource(bytes, planRead(options), options), options, true),
  createWriter: (sink, options = {}) =>
    new TableWriter(format, new HtmlEncoder(sink, options.title ?? 'Table'), options),
});
