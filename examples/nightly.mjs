// nightly.mjs EXPORT REPORT
//
// A job for cron: turns the export of the day into the file that others read all day long. They see
// yesterday's report or today's, never half of one, even if the machine dies in the middle.
import { stat } from 'node:fs/promises';
import { convert, ConvertError } from '@x/convert';

const [, , source, report] = process.argv;
const deadline = AbortSignal.timeout(10 * 60_000);

try {
  const result = await convert(source, report, {
    atomic: true,
    // A report that lacks a column must not look like one: what is not in the export is an error.
    rename: { order_id: 'id', ordered_at: 'at' },
    signal: deadline,
    onProgress: ({ percent, rowsRead }) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${rowsRead} rows, ${percent?.toFixed(0)} %`);
    },
  });
  const { size } = await stat(report);
  console.log(`${report}: ${result.rowsWritten} rows, ${size} bytes`);
} catch (error) {
  // Yesterday's report is still there. Whoever reads the mail of cron is told what, where and what to do.
  console.error(`${report} was not replaced: ${error.message}`);
  if (error instanceof ConvertError) {
    const { path, line, hint } = error;
    if (path) console.error(`  at ${[path, line].filter(Boolean).join(':')}`);
    if (hint) console.error(`  ${hint}`);
  }
  process.exitCode = 1;
}
