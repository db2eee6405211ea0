// tally-cli.ts STATUS: prints `N passed, N failed` of the reports that the runs left.
import { join } from 'node:path';

import { tally } from './tally.ts';

const [status = ''] = process.argv.slice(2);
const { passed, failed, skipped, problems } = tally(join(import.meta.dirname, '../../..'), Number(status));
for (const problem of problems) console.error(problem);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
