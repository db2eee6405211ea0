import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { yaml } from '@x/format-yaml';
import type { Value } from '@x/formats';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { CORE_SCHEMA, dump, load } from 'js-yaml';
import { describe, expect, test } from 'vitest';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));

describe('what PyYAML writes', () => {
  const names = 'id name born at zip answer ratio blob tags nothing ok big text sub'.split(' ');
  const rows = [
    [
      1,
      'Ada',
      '1815-12-10',
      '2024-02-29 12:30:05.123456+00:00',
      '01234',
      'yes',
      1e21,
      Uint8Array.of(0, 255, 16),
    ].concat([
      ['a', "it's", 'two\nlines\n'],
      null,
      true,
      2n ** 70n,
      'null',
      { x: 0.1, y: [{ z: 1 }] },
    ] as never),
    [
      -2,
      'Zoë: "q" # no',
      '0001-01-01',
      '1999-12-31 23:59:59',
      '1_000',
      '~',
      -Infinity,
      new Uint8Array(0),
    ].concat([[], null, false, 0, ' lead\t', {}] as never),
  ];

  test.each(['pyyaml-list.yaml', 'pyyaml-documents.yaml'])('is read: %s', async (file) => {
    expect(await readRows(yaml(), fixture(file))).toMatchObject({ names, rows });
  });

  test('has days and moments, where types ask for them', async () => {
    const options = { types: { born: 'date', at: 'timestamp' }, columns: ['born', 'at'] };
    const {
      rows: [first],
    } = await readRows(yaml(), fixture('pyyaml-list.yaml'), options);
    expect(JSON.stringify(first)).toBe('["1815-12-10","2024-02-29T12:30:05.123456Z"]');
  });
});

describe('with js-yaml', () => {
  const rows: Value[][] = [
    [1, 'Ada', ['x', ''], { a: 1, b: [true, null] }, 0.5],
    [2, 'yes', ['- a', '# b', "it's", 'say "hi"'], { 'two words': 'a: b', '2024': '01' }, 1e21],
    [3, 'two\nlines\n', [['deep', []], {}], { x: { y: { z: '~' } } }, -0.1],
    [4, '  \t\u0085\u2028\ufeff', [], {}, 1e-7],
  ];
  const names = ['id', 'name', 'tags', 'sub', 'ratio'];
  const objects = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));

  test('what it dumps is read', async () => {
    for (const options of [{}, { flowLevel: 1 }, { indent: 4, noArrayIndent: true }]) {
      expect(await readRows(yaml(), dump(objects, options))).toMatchObject({ names, rows });
    }
  });

  test('what is written is loaded by it', async () => {
    expect(load((await writeRows(yaml(), names, rows)).toString(), { schema: CORE_SCHEMA })).toEqual(objects);
  });
});

// YAML 1.2.2, chapters 2, 7, 8 and 9.
describe('examples of the specification', () => {
  test.each([
    [
      '2.4',
      '-\n  name: Mark McGwire\n  hr:   65\n  avg:  0.278\n-\n  name: Sammy Sosa\n  hr:   63\n  avg:  0.288\n',
      [
        ['Mark McGwire', 65, 0.278],
        ['Sammy Sosa', 63, 0.288],
      ],
    ],
    [
      '2.7',
      '# Ranking\n---\n- {a: Mark}\n- {a: Sammy}\n\n# Team\n---\n- a: Chicago\n',
      [['Mark'], ['Sammy'], ['Chicago']],
    ],
    [
      '2.8',
      '---\ntime: 20:03:20\nplayer: Sammy Sosa\n...\n---\ntime: 20:03:47\nplayer: Mark\n...\n',
      [
        ['20:03:20', 'Sammy Sosa'],
        ['20:03:47', 'Mark'],
      ],
    ],
    [
      '2.10',
      '---\nhr:\n- Mark McGwire\n# Following node labeled SS\n- &SS Sammy Sosa\nrbi:\n- *SS # Subsequent occurrence\n- Ken Griffey\n',
      [
        [
          ['Mark McGwire', 'Sammy Sosa'],
          ['Sammy Sosa', 'Ken Griffey'],
        ],
      ],
    ],
    [
      '2.12',
      '---\n# Products purchased\n- item    : Super Hoop\n  quantity: 1\n- item    : Big Shoes\n  quantity: 1\n',
      [
        ['Super Hoop', 1],
        ['Big Shoes', 1],
      ],
    ],
    ['2.19', 'canonical: 12345\ndecimal: +12345\noctal: 0o14\nhexadecimal: 0xC\n', [[12345, 12345, 12, 12]]],
    [
      '2.20',
      'canonical: 1.23015e+3\nexponential: 12.3015e+02\nfixed: 1230.15\ninfinity: -.inf\n',
      [[1230.15, 1230.15, 1230.15, -Infinity]],
    ],
    [
      '7.5',
      'a: "folded \n to a space,\t\n \n to a line feed, or \t\\\n \\ \tnon-content"\n',
      [['folded to a space,\nto a line feed, or \t \tnon-content']],
    ],
    [
      '8.20',
      '-\n  a: "flow in block"\n- a: >\n   Block scalar\n- a: !!map # Block collection\n   foo : bar\n',
      [['flow in block'], ['Block scalar\n'], [{ foo: 'bar' }]],
    ],
    ['9.2', '%YAML 1.2\n---\nDocument: x\n... # Suffix\n', [['x']]],
  ] as [string, string, Value[][]][])('%s', async (_, text, rows) => {
    expect((await readRows(yaml(), text)).rows).toEqual(rows);
  });
});
