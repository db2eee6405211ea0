import type { Format } from '../contract.ts';
import type { JsonLinesReadOptions, JsonReadOptions, JsonWriteOptions } from './options.ts';
import { planJsonRead } from './read-plan.ts';
import { JsonReader } from './reader.ts';
import { JsonWriter } from './writer.ts';

const capabilities = { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' } as const;

const lineOptions = {
  encoding: true,
  onInvalidText: true,
  onExtraKey: true,
  maxDepth: true,
  maxColumns: true,
  maxRecordBytes: true,
} as const;

/** JSON Lines, also known as NDJSON: one JSON object a line. */
export const jsonl = (): Format<JsonLinesReadOptions, JsonWriteOptions> => ({
  name: 'jsonl',
  extensions: ['.jsonl', '.ndjson'],
  mediaTypes: ['application/jsonl', 'application/x-ndjson', 'application/json-lines'],
  capabilities,
  optionNames: { read: lineOptions, write: {} },
  createReader: (bytes, options = {}) =>
    new JsonReader(bytes, planJsonRead('jsonl', 'lines', options), options),
  createWriter: (sink, options = {}) => new JsonWriter(sink, 'jsonl', false, options),
});

/** JSON (RFC 8259): a list of objects, or one object. */
export const json = (): Format<JsonReadOptions, JsonWriteOptions> => ({
  name: 'json',
  extensions: ['.json'],
  mediaTypes: ['application/json'],
  capabilities,
  optionNames: { read: { ...lineOptions, path: true }, write: {} },
  createReader: (bytes, options = {}) =>
    new JsonReader(bytes, planJsonRead('json', 'items', options), options),
  createWriter: (sink, options = {}) => new JsonWriter(sink, 'json', true, options),
});
