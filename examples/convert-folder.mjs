// convert-folder.mjs IN OUT
//
// Converts every CSV file below IN to compressed JSON Lines in the same folders below OUT. A file
// that fails is named and does not stop the rest. Run again, it does only what is missing, has
// failed or has changed.
import { join } from 'node:path';
import { bulkConvert } from '@x/convert';

const [, , source, out] = process.argv;
const result = await bulkConvert(join(source, '**/*.csv'), out, {
  to: '{stem}.jsonl.gz',
  preserveDirs: true,
  atomic: true,
  onExists: 'skip',
  manifest: join(out, '..', 'converted.json'),
});

for (const { source: file, status, error } of result.files) {
  console.log(status === 'failed' ? `${file}: ${error.code}: ${error.message}` : `${file}: ${status}`);
}
console.log(`${result.succeeded} converted, ${result.skipped} skipped, ${result.failed} failed`);
process.exitCode = result.failed > 0 ? 1 : 0;
