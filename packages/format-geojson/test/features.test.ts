import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { geojson } from '@x/format-geojson';
import { FormatError, rowObjects, type Row } from '@x/formats';
import { MemorySource, readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const collection = (features: string, more = ''): string =>
  `{"type":"FeatureCollection",${more}"features":[${features}]}`;
const feature = (properties: string, more = '"geometry":null'): string =>
  `{"type":"Feature",${more},"properties":${properties}}`;

async function failure(file: string, options?: object): Promise<unknown> {
  try {
    await readRows(geojson(), file, options);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('reading', () => {
  test('properties and geometry are columns, in the order of the file', async () => {
    const { names, rows } = await readRows(
      geojson(),
      collection(
        [
          '{"type":"Feature","id":7,"properties":{"name":"Zoë","2024":0.10},"geometry":{"type":"Point","coordinates":[1.50,-2]}}',
          '{"geometry":null,"properties":null,"type":"Feature","bbox":[0,0,1,1]}',
        ].join(' ,\n'),
      ),
    );
    expect(names).toEqual(['@id', 'name', '2024', 'geometry', '@bbox']);
    expect(JSON.stringify(rows)).toBe(
      // Decimals, of which JSON.stringify makes text.
      '[[7,"Zoë","0.10",{"type":"Point","coordinates":["1.50",-2]},null],[null,null,null,null,[0,0,1,1]]]',
    );
  });

  test('a property is told from a member of the feature', async () => {
    const file = collection(
      '{"type":"Feature","id":"way/1","properties":{"@id":"way/2","geometry":"none","@@x":1,"id":3},"geometry":null}',
    );
    const { names, rows } = await readRows(geojson(), file);
    expect(names).toEqual(['@id', '@@@id', '@@geometry', '@@@@x', 'id']);
    expect(rows).toEqual([['way/1', 'way/2', 'none', 1, 3]]);
    const written = await writeRows(geojson(), names, rows);
    expect(JSON.parse(written.toString())).toEqual(JSON.parse(file));
  });

  test('a document that is a feature is a row', async () => {
    const { names, rows } = await readRows(geojson(), `\ufeff ${feature('{"a":1}', '"id":"x"')}\n`);
    expect(names).toEqual(['@id', 'a']);
    expect(rows).toEqual([['x', 1]]);
  });

  test('earthquakes of vega-datasets are read as JSON.parse reads them', async () => {
    const path = join(import.meta.dirname, '../node_modules/vega-datasets/data/earthquakes.json');
    const bytes = await readFile(path);
    const rows: Row[] = [];
    const reader = geojson().createReader(new MemorySource(bytes, 1000));
    for await (const batch of reader) rows.push(...rowObjects(batch));
    const { features } = JSON.parse(bytes.toString()) as {
      features: { id: string; geometry: object; properties: object }[];
    };
    expect(features.length).toBeGreaterThan(1000);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(
      features.map(({ id, geometry, properties }) => Object.assign(properties, { geometry, '@id': id })),
    );
  });

  test.each([
    ['nothing', '', 'TRUNCATED'],
    ['a list', '[]', 'INVALID_JSON'],
    ['a bare geometry', '{"type":"Point","coordinates":[0,0]}', 'UNSUPPORTED'],
    ['another document', '{"a":1}', 'CORRUPT'],
    ['a collection without a list', '{"type":"FeatureCollection","features":{}}', 'NOT_A_LIST'],
    ['features of something else', '{"type":"Topology","features":[]}', 'CORRUPT'],
    ['two lists', '{"type":"FeatureCollection","features":[],"features":[]}', 'DUPLICATE_KEY'],
    ['a comma too many', '{"type":"FeatureCollection","features":[],}', 'INVALID_JSON'],
    ['something behind', `${collection('')} 1`, 'INVALID_JSON'],
    ['no colon', '{"type" "FeatureCollection"}', 'INVALID_JSON'],
    ['a key that is none', '{1:2}', 'INVALID_JSON'],
    ['no comma', collection(`${feature('{}')} ${feature('{}')}`), 'INVALID_JSON'],
    ['a type twice', collection('{"type":"Feature","type":"Feature","properties":{}}'), 'DUPLICATE_KEY'],
  ])('%s is refused', async (_, file, code) => {
    const error = await failure(file);
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({ code, format: 'geojson', hint: expect.any(String) });
  });

  test('an error has the line of its feature', async () => {
    const file = collection(`\n${feature('{}')},\n\n${feature('{"a":"\\x"}')}`);
    expect(await failure(file)).toMatchObject({ code: 'INVALID_JSON', line: 4, row: 2 });
  });

  test('a feature of more than maxRecordBytes is refused', async () => {
    const file = collection(feature(`{"a":"${'x'.repeat(1000)}"}`));
    expect(await failure(file, { maxRecordBytes: 900 })).toMatchObject({
      code: 'LIMIT',
      hint: expect.any(String),
    });
    expect(await failure(file, { maxRecordBytes: 1100 })).toBeUndefined();
  });

  test.each(['"EPSG:25832"', '"urn:ogc:def:crs:EPSG::3857"', '5'])(
    'coordinates in %s are refused',
    async (name) => {
      const crs = `"crs":{"type":"name","properties":{"name":${name}}},`;
      const file = collection(feature('{"a":1}'), crs);
      expect(await failure(file)).toMatchObject({
        code: 'UNSUPPORTED',
        hint: expect.stringContaining('onOtherCrs'),
      });
      expect((await readRows(geojson(), file, { onOtherCrs: 'ignore' })).rows).toEqual([[1]]);
      // Also where it is said at the end only.
      const late = `{"type":"FeatureCollection","features":[${feature('{"a":1}')}],${crs.slice(0, -1)}}`;
      expect(await failure(late)).toMatchObject({ code: 'UNSUPPORTED' });
    },
  );

  test.each(['"urn:ogc:def:crs:OGC:1.3:CRS84"', '"EPSG:4326"', '"urn:ogc:def:crs:EPSG::4326"'])(
    'coordinates in %s are the usual ones',
    async (name) => {
      const file = collection(feature('{"a":1}'), `"crs":{"type":"name","properties":{"name":${name}}},`);
      expect((await readRows(geojson(), file)).rows).toEqual([[1]]);
    },
  );
});

describe('writing', () => {
  test('a geometry is an object, or its JSON as CSV has it', async () => {
    const point = { type: 'Point', coordinates: [1, 2] };
    const written = await writeRows(
      geojson(),
      ['@id', 'name', 'geometry'],
      [
        [1, 'a', point],
        [null, null, JSON.stringify(point)],
        ['x', undefined, null],
      ],
    );
    expect(written.toString()).toBe(
      [
        '{"type":"FeatureCollection","features":[',
        '{"type":"Feature","id":1,"properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[1,2]}},',
        '{"type":"Feature","properties":{"name":null},"geometry":{"type":"Point","coordinates":[1,2]}},',
        '{"type":"Feature","id":"x","properties":{},"geometry":null}',
        ']}\n',
      ].join('\n'),
    );
  });

  test.each([
    ['geometry', 'POINT (1 2)'],
    ['geometry', '[1,2]'],
    ['geometry', { coordinates: [1, 2] }],
    ['geometry', 5],
    ['@id', true],
    ['@type', 'Feature'],
    ['@properties', null],
  ])('%s cannot be %j', async (column, value) => {
    await expect(
      writeRows(geojson(), [column], [[null], [value]].slice(column === '@properties' ? 1 : 0)),
    ).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      field: column,
      hint: expect.any(String),
    });
  });

  test('a row that cannot be written leaves nothing behind, and no comma', async () => {
    const told: unknown[] = [];
    const written = await writeRows(geojson(), ['geometry'], [['bad'], [null], ['bad'], [null]], {
      onBadRow: (_: unknown, row: number) => void told.push(row),
    });
    expect(told).toEqual([1, 3]);
    expect((JSON.parse(written.toString()) as { features: unknown[] }).features).toHaveLength(2);
  });
});
