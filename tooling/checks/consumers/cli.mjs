import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
try {
  const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
  writeFileSync(source, 'id,name\n1,Zoë\n');
  // The file that the `x` command of node_modules/.bin starts.
  execFileSync(process.execPath, ['node_modules/@x/cli/dist/main.js', 'convert', source, target], {
    stdio: 'pipe',
  });
  assert.equal(readFileSync(target, 'utf8'), '{"id":"1","name":"Zoë"}\n');
  // The formats that it brings in packages of their own.
  const [table, back] = [join(folder, 'c.parquet'), join(folder, 'd.csv')];
  for (const [from, to] of [
    [source, table],
    [table, back],
  ]) {
    execFileSync(process.execPath, ['node_modules/@x/cli/dist/main.js', 'convert', from, to], {
      stdio: 'pipe',
    });
  }
  assert.equal(readFileSync(back, 'utf8'), 'id,name\n1,Zoë\n');
  // What is for many machines is not brought, and asked for by its name.
  const run = spawnSync(process.execPath, ['node_modules/@x/cli/dist/main.js', 'run', 'status', folder]);
  assert.equal(run.status, 1);
  assert.match(String(run.stderr), /@x\/fleet, which is not installed\n {2}npm install @x\/fleet/);
} finally {
  rmSync(folder, { recursive: true });
}
console.log('x convert works, to Parquet and back as well');
