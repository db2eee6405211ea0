import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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
} finally {
  rmSync(folder, { recursive: true });
}
console.log('x convert works');
