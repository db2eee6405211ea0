// papaparse.mjs TASK IN [OUT]: `fastMode` is not for quoted cells.
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';

import Papa from 'papaparse';

import { RowSum } from '../row-sum.mjs';

const [task, input, output] = process.argv.slice(2);
const source = createReadStream(input, { encoding: 'utf8', highWaterMark: 512 * 1024 });

function parse(onRows) {
  return new Promise((resolve, reject) => {
    Papa.parse(source, {
      header: true,
      delimiter: ',',
      newline: '\n',
      skipEmptyLines: true,
      chunk: ({ data }) => {
        onRows(data);
      },
      complete: resolve,
      error: reject,
    });
  });
}

if (task === 'rows') {
  const sum = new RowSum();
  await parse((rows) => {
    for (const row of rows) sum.add(row);
  });
  sum.print();
} else {
  const sink = openSync(output, 'w');
  await parse((rows) => writeSync(sink, rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
  closeSync(sink);
}
