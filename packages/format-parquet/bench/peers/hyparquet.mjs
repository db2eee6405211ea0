// hyparquet.mjs TASK IN OUT
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';

import { readCsv, readJsonLines, writeRows } from './rows.mjs';

const [task, input, output] = process.argv.slice(2);
if (task.startsWith('parquet-')) {
  writeRows(task, output, await parquetReadObjects({ file: await asyncBufferFromFile(input) }));
} else {
  const columnData = task === 'csv-parquet' ? readCsv(input) : readJsonLines(input);
  parquetWriteFile({ filename: output, columnData });
}
