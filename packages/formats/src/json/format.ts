import type { Format } from '../contract.ts';
import { JsonLinesReader } from './lines-reader.ts';
import { JsonLinesWriter } from './lines-writer.ts';
import type { JsonReadOptions } from './options.ts';

/** JSON Lines, also known as NDJSON: one JSON object a line. */
export const jsonl = (): Format<JsonReadOptions, Record<string, never>> => ({
  name: 'jsonl',
  extensions: ['.jsonl', '.ndjson'],
  mediaTypes: ['application/jsonl', 'application/x-ndjson', 'application/json-lines'],
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  createReader: (bytes, options = {}) => new JsonLinesReader(bytes, options),
  createWriter: (sink) => new JsonLinesWriter(sink),
});
