// ours.mjs TASK IN OUT: @x/format-parquet and @x/formats from file to file, with plain reads and writes.
import { open } from 'node:fs/promises';

import { parquet } from '@x/format-parquet';
import { csv, jsonl } from '@x/formats';

const [task, input, output] = process.argv.slice(2);
const chunkSize = 512 * 1024;
const file = await open(input);

/** Reads ahead into two buffers that take turns. */
async function* chunks() {
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
}

const { size } = await file.stat();
const random = {
  size,
  readAt: async (position, length) => {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  },
  [Symbol.asyncIterator]: chunks,
};

async function convert(reader, createWriter) {
  const target = await open(output, 'w');
  const writer = createWriter({
    write: async (chunk) => {
      for (let done = 0; done < chunk.length;) done += (await target.write(chunk, done)).bytesWritten;
    },
  });
  for await (const batch of reader) await writer.write(batch);
  await writer.finish(await reader.schema());
  await target.close();
}

const [from, to] = task.split('-');
const readers = {
  csv: () => csv().createReader(chunks(), { types: 'infer' }),
  jsonl: () => jsonl().createReader(chunks()),
  parquet: () => parquet().createReader(random),
};
const writers = {
  csv: (sink) => csv().createWriter(sink),
  jsonl: (sink) => jsonl().createWriter(sink),
  parquet: (sink) => parquet().createWriter(sink),
};
await convert(readers[from](), writers[to]);
await file.close();
