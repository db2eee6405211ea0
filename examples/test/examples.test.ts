import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test as base } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

const examples = join(import.meta.dirname, '..');
const orders = join(examples, 'orders.csv');

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'examples-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

const argsOf = (program: string, args: readonly string[]) => [
  ...childNodeArgs,
  join(examples, program),
  ...args,
];

/** Runs an example to its end. */
function run(program: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, argsOf(program, args), (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test('validate-orders: the good ones are written, the others told and kept', async ({ folder }) => {
  const source = join(folder, 'orders.csv');
  const wrong = '20260,2026-01-01T08:00:00Z,Li,CA,06328,0107-C,Cup,0,24.50,0.00,true,\n';
  await writeFile(source, `${await readFile(orders, 'utf8')}${wrong}`);
  const [out, rejects] = [join(folder, 'paid.csv'), join(folder, 'rejects.jsonl')];
  const { code, stdout, stderr } = await run('validate-orders.mjs', source, out, rejects);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\d+ orders: [1-9]\d* paid, [1-9]\d* not paid, 1 not valid\nrow \d+: .*ten digits/);
  const [header, first] = (await readFile(out, 'utf8')).split('\n');
  expect(header).toBe('order_id,country,quantity,unit_price,paid,total');
  expect(first).toBe('2026000100,CA,2,24.5,true,49');
  const [reject, ...others] = (await readFile(rejects, 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(reject)).toMatchObject({ code: 'INVALID_ROW', column: 'order_id' });
  expect(others).toEqual([]);
});

test('convert-folder: all but the broken one, and a second time only that', async ({ folder }) => {
  const [source, out] = [join(folder, 'in'), join(folder, 'out')];
  await mkdir(join(source, '2026'), { recursive: true });
  await writeFile(join(source, '2026/a.csv'), 'id\n1\n');
  await writeFile(join(source, 'b.csv'), 'id\n1,2\n');
  const first = await run('convert-folder.mjs', source, out);
  expect(first.stdout).toMatch(
    /a\.csv: succeeded\n.*b\.csv: RAGGED_ROW: .*\n1 converted, 0 skipped, 1 failed\n$/,
  );
  expect(first.code).toBe(1);
  await writeFile(join(source, 'b.csv'), 'id\n1\n');
  const second = await run('convert-folder.mjs', source, out);
  expect(second.stdout).toMatch(/1 converted, 1 skipped, 0 failed\n$/);
  expect(second.code).toBe(0);
  expect(await readdir(out)).toEqual(['2026', 'b.jsonl.gz']);
  expect(gunzipSync(await readFile(join(out, '2026/a.jsonl.gz'))).toString()).toBe('{"id":"1"}\n');
});

test('upload-server: converts, explains what is wrong, breaks off what breaks late', async () => {
  const server = spawn(process.execPath, argsOf('upload-server.mjs', ['0']), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = (await once(server.stdout, 'data')) as [Buffer];
    const url = `http://localhost:${/\d+/.exec(said.toString())![0]}/`;
    const post = (query: string, body: string) => fetch(`${url}?${query}`, { method: 'POST', body });

    const good = await post('from=csv&to=jsonl', 'id,name\n1,Zoë\n');
    expect([good.status, await good.text()]).toEqual([200, '{"id":"1","name":"Zoë"}\n']);
    const guessed = await post('to=csv', '{"id":1}\n{"id":2}\n');
    expect(await guessed.text()).toBe('id\n1\n2\n');

    const ragged = await post('from=csv', 'id,name\n1\n');
    expect(ragged.status).toBe(400);
    expect(await ragged.json()).toMatchObject({ code: 'RAGGED_ROW', line: 2, row: 1 });
    const unknown = await post('from=cvs', 'id\n1\n');
    expect([unknown.status, await unknown.json()]).toMatchObject([415, { code: 'UNKNOWN_FORMAT' }]);

    const late = post('from=csv', `id,name\n${'1,a\n'.repeat(1_000_000)}broken\n`);
    await expect(late.then((response) => response.text())).rejects.toThrow();
  } finally {
    server.kill();
    await once(server, 'exit');
  }
});

test('nightly: replaces the report, or says why it did not', async ({ folder }) => {
  const [source, report] = [join(folder, 'export.csv'), join(folder, 'report.jsonl.gz')];
  const good = await run('nightly.mjs', orders, report);
  expect(good.stdout).toMatch(/report\.jsonl\.gz: \d+ rows, \d+ bytes\n$/);
  const yesterday = await readFile(report);
  expect(gunzipSync(yesterday).toString()).toMatch(/^\{"id":"2026000100","at":"2026/);

  await writeFile(source, `${await readFile(orders, 'utf8')}cut off in the mid`);
  const bad = await run('nightly.mjs', source, report);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toMatch(/was not replaced: .*\n {2}at .*export\.csv:\d+\n/);
  expect((await readFile(report)).equals(yesterday)).toBe(true);
  expect(await readdir(folder)).toEqual(['export.csv', 'report.jsonl.gz']);
});
