import { geojson } from '@x/format-geojson';
import type { Value } from '@x/formats';
import { datesOf, formatContract, inOddEncodings } from '@x/formats/contract-suite';

const asBase64 = (value: Value) => Buffer.from(value as Uint8Array).toString('base64');

formatContract({
  format: geojson(),
  readOptions: (schema) => ({ types: { '*': 'any', ...datesOf(schema) } }),
  values: { brokenText: 'refused', notFinite: 'refused', binary: asBase64 },
  keepsColumnsOfNoRows: false,
  cut: 'refused',
  lateColumns: 'kept',
  oddFiles: [
    '{"type":"FeatureCollection",\r\n"features":[{"type":"Feature","properties":{"a":"\\u00e9\\"😀"}}\r\n, {"type":"Feature"}\n]}\r\n',
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1}},\n12, "x\\\\",{"a":tru}, {"type":"Feature"}] x',
    '{"type":"Feature","id":-1.5e3,"properties":{"b":[1]}}',
    ...inOddEncodings('{"type":"Feature","properties":{"a":"é"}}'),
  ],
  badRows: {
    file: Buffer.from(
      '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1}},{"type":"Point"},' +
        '{"type":"Feature","properties":{"a":2}},{"type":"Feature","properties":{"a":1,"a":2}},' +
        '[1],{"type":"Feature","properties":{"a":3}},{"type":"Feature","properties":{"a":tru}}]}',
    ),
    good: [[1], [2], [3]],
    bad: [2, 4, 5, 7],
  },
});
