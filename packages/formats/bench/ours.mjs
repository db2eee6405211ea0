// ours.mjs TASK IN [OUT]: @x/formats from file to file, with plain reads and writes. A task ending in `-blocking`
// has blocking ones: handing each to a thread takes processor time, which counts where the rate a CPU second does.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

import { csv, jsonl, psv, rowObjects } from '@x/formats';

import { RowSum } from './row-sum.mjs';

const [task, input, output] = process.argv.slice(2);
const isBlocking = task.endsWith('-blocking');
const chunkSize = 512 * 1024;

/** Reads ahead into two buffers that take turns. */
async function* chunksOf(path) {
  const file = await open(path);
  const read = (buffer) => file.read(buffer, 0, chunkSize, null);
  let [current, spare] = [Buffer.allocUnsafeSlow(chunkSize), Buffer.allocUnsafeSlow(chunkSize)];
  let pending = read(current);
  for (;;) {
    const { bytesRead } = await pending;
    if (bytesRead === 0) break;
    pending = read(spare);
    yield current.subarray(0, bytesRead);
    [current, spare] = [spare, current];
  }
  await file.close();
}

function* blockingChunksOf(path) {
  const file = openSync(path);
  const buffer = Buffer.allocUnsafeSlow(chunkSize);
  for (let length; (length = readSync(file, buffer)) > 0;) yield buffer.subarray(0, length);
  closeSync(file);
}

async function convert(reader, createWriter) {
  const file = await open(output, 'w');
  const writer = createWriter({
    write: isBlocking
      ? (chunk) => {
          for (let done = 0; done < chunk.length;) done += writeSync(file.fd, chunk, done);
        }
      : async (chunk) => {
          for (let done = 0; done < chunk.length;) done += (await file.write(chunk, done)).bytesWritten;
        },
  });
  for await (const batch of reader) await writer.write(batch);
  await writer.finish(await reader.schema());
  await file.close();
}

const source = isBlocking ? blockingChunksOf(input) : chunksOf(input);
switch (task.replace('-blocking', '')) {
  case 'csv-jsonl':
    await convert(csv().createReader(source), (sink) => jsonl().createWriter(sink));
    break;
  case 'csv-jsonl-types':
    await convert(csv().createReader(source, { types: 'infer' }), (sink) => jsonl().createWriter(sink));
    break;
  case 'jsonl-csv':
    await convert(jsonl().createReader(source), (sink) => csv().createWriter(sink));
    break;
  case 'csv-psv':
    await convert(csv().createReader(source), (sink) => psv().createWriter(sink));
    break;
  case 'rows': {
    const sum = new RowSum();
    for await (const batch of csv().createReader(source)) for (const row of rowObjects(batch)) sum.add(row);
    sum.print();
    break;
  }
  default:
    throw new Error(`no task is called ${task}`);
}
