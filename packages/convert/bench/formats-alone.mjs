// formats-alone.mjs IN OUT: CSV to JSON Lines by the formats alone, from one file to the other with nothing between.
import { open } from 'node:fs/promises';
import { csv, jsonl } from '@x/formats';

const [, , input, output] = process.argv;
const [from, to] = [await open(input, 'r'), await open(output, 'w')];

async function* chunks() {
  const buffers = [Buffer.allocUnsafeSlow(512 * 1024), Buffer.allocUnsafeSlow(512 * 1024)];
  let pending = from.read(buffers[0], 0, buffers[0].length, null);
  for (let turn = 0; ; turn = 1 - turn) {
    const { bytesRead } = await pending;
    if (bytesRead === 0) return;
    pending = from.read(buffers[1 - turn], 0, buffers[1 - turn].length, null);
    yield buffers[turn].subarray(0, bytesRead);
  }
}

const write = async (chunk) => {
  const { bytesWritten } = await to.write(chunk);
  if (bytesWritten !== chunk.length) throw new Error('a short write');
};
const writer = jsonl().createWriter({ write });
const reader = csv().createReader(chunks());
for await (const batch of reader) await writer.write(batch);
await writer.finish(await reader.schema());
await to.close();
await from.close();
