// polars.mjs TASK IN OUT: from file to file by the streaming engine of Polars, which is its fastest way.
import pl from 'nodejs-polars';

const [task, input, output] = process.argv.slice(2);

const tasks = {
  'csv-jsonl': () => pl.scanCSV(input, { inferSchemaLength: 0 }).sinkNdJson(output),
  'csv-jsonl-types': () => pl.scanCSV(input, { inferSchemaLength: 1000 }).sinkNdJson(output),
  'jsonl-csv': () => pl.scanJson(input, { inferSchemaLength: 1000 }).sinkCSV(output),
  'csv-psv': () => pl.scanCSV(input, { inferSchemaLength: 0 }).sinkCSV(output, { separator: '|' }),
};

await tasks[task]().collect();
