// udsv.mjs TASK IN [OUT]
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

import { inferSchema, initParser } from 'udsv';

import { RowSum } from '../row-sum.mjs';

const [task, input, output] = process.argv.slice(2);
const chunk = Buffer.allocUnsafeSlow(512 * 1024);
const decoder = new StringDecoder();
const source = openSync(input, 'r');

function parse(onRow) {
  let parser;
  for (let length; (length = readSync(source, chunk)) > 0;) {
    const text = decoder.write(chunk.subarray(0, length));
    parser ??= initParser(inferSchema(text, { col: ',', row: '\n', encl: '"' }));
    parser.chunk(text, parser.stringObjs, onRow);
  }
  parser.end();
}

if (task === 'rows') {
  const sum = new RowSum();
  parse((row) => sum.add(row));
  sum.print();
} else {
  const sink = openSync(output, 'w');
  let lines = '';
  parse((row) => {
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length < 512 * 1024) return;
    writeSync(sink, lines);
    lines = '';
  });
  writeSync(sink, lines);
  closeSync(sink);
}
