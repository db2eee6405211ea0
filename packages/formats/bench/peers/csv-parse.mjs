// csv-parse.mjs TASK IN [OUT]
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';

import { parse } from 'csv-parse';

import { RowSum } from '../row-sum.mjs';

const [task, input, output] = process.argv.slice(2);
const rows = createReadStream(input, { highWaterMark: 512 * 1024 }).pipe(parse({ columns: true }));

if (task === 'rows') {
  const sum = new RowSum();
  for await (const row of rows) sum.add(row);
  sum.print();
} else {
  const sink = openSync(output, 'w');
  let lines = '';
  for await (const row of rows) {
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length < 512 * 1024) continue;
    writeSync(sink, lines);
    lines = '';
  }
  writeSync(sink, lines);
  closeSync(sink);
}
