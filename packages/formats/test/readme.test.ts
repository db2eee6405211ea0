import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { csv, jsonl } from '@x/formats';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

const packageDirectory = path.join(import.meta.dirname, '..');
const source = (file: string) => readFileSync(path.join(packageDirectory, file), 'utf8');
const readme = source('README.md');
const [example = ''] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);

test('the example writes JSON Lines and adds up', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'x-formats-readme-'));
  try {
    copyFileSync(
      path.join(packageDirectory, '../../examples/orders.csv'),
      path.join(directory, 'orders.csv'),
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...childNodeArgs,
        '--input-type=module',
        '--eval',
        `process.chdir(${JSON.stringify(directory)});\n${example}`,
      ],
      { cwd: packageDirectory },
    );
    const lines = stdout.trim().split('\n');
    const orders = lines
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { quantity: number; unit_price: number });
    const total = orders.reduce((sum, order) => sum + order.quantity * order.unit_price, 0);
    expect(orders.length).toBeGreaterThan(2);
    expect(lines.at(-1)).toBe(`{ total: ${total} }`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('every option and every code is in the README', () => {
  const files = ['contract', 'csv/options', 'json/options', 'source/utf8-source'].map((file) =>
    source(`src/${file}.ts`),
  );
  const interfaces = files.join('\n').matchAll(/interface (?:\w*Options|Dialect)\b[^{]*\{\n(.*?)\n\}/gs);
  const options = [...interfaces].flatMap(([, body = '']) =>
    [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name),
  );
  const codes = [...source('src/format-error.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code = '']) => code);
  expect(new Set(options).size).toBeGreaterThan(25);
  expect(codes.length).toBeGreaterThan(15);
  for (const name of [...options, ...codes]) expect(readme).toContain(`\`${name}\``);
  expect([csv().name, jsonl().name].every((name) => readme.includes(`\`${name}\``))).toBe(true);
});
