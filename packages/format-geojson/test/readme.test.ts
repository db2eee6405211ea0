import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'places.geojson': JSON.stringify({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          id: 1,
          properties: { name: 'Ulm' },
          geometry: { type: 'Point', coordinates: [10, 48.4] },
        },
      ],
    }),
  });
  expect(stdout).toBe('{"@id":1,"name":"Ulm","geometry":{"type":"Point","coordinates":[10,48.4]}}\n');
});
