// chdb.mjs IN OUT: ClickHouse local, all cells as text, as we take them; it tells the compression by the names.
import { query } from 'chdb';

const [, , input, output] = process.argv;
query(
  `SELECT * FROM file('${input}', CSVWithNames) INTO OUTFILE '${output}' TRUNCATE FORMAT JSONEachRow ` +
    `SETTINGS input_format_csv_use_best_effort_in_schema_inference = 0, schema_inference_make_columns_nullable = 0`,
  'Null',
);
