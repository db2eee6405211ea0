import type { Format } from '@x/formats';
import { decodedText, KeyedRows, RecordWriter, RowsReader } from '@x/formats/rows';

import { format, type GeojsonReadOptions, type GeojsonWriteOptions, planRead } from './options.ts';
import { FeatureSource } from './read/feature-source.ts';
import { FeatureEncoder } from './write/feature-encoder.ts';

/** GeoJSON (RFC 7946): the features of a collection are rows, their properties and their geometry columns. */
export const geojson = (): Format<GeojsonReadOptions, GeojsonWriteOptions> => ({
  name: format,
  extensions: ['.geojson'],
  mediaTypes: ['application/geo+json'],
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: {
    read: { encoding: true, onInvalidText: true, onExtraKey: true, onOtherCrs: true, maxRecordBytes: true },
    write: {},
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const records = new FeatureSource(decodedText(bytes, format, options), plan);
    return new RowsReader(format, new KeyedRows(records, plan), options);
  },
  createWriter: (sink, options = {}) => new RecordWriter(sink, new FeatureEncoder(), options),
});
