// What the bench times, each in a process of its own: node tasks.mjs TASK INPUT OUTPUT
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

import { peakMemory } from '@x/vitest-config/peak-memory';

import { csv, jsonl, rowObjects, rowsBatch } from '@x/formats';
import { arrow } from '@x/format-arrow';
import { RecordBatchFileWriter, RecordBatchReader, tableFromArrays, tableFromJSON } from 'apache-arrow';

const [task, input, output] = process.argv.slice(2);
const rowCount = 1_000_000;
const cities = Array.from({ length: 977 }, (_, i) => `Zoë Müller ${i}`);

function* rows() {
  for (let i = 0; i < rowCount; i++) {
    yield {
      id: i,
      name: cities[i % 977],
      note: `a "note" ${i % 65_537}`,
      amount: (i % 100_000) / 8,
      paid: i % 3 === 0,
    };
  }
}

function sinkTo(file) {
  const stream = createWriteStream(file);
  const write = async (chunk) => {
    // What is written to again has to be kept until it is on its way.
    if (!stream.write(Buffer.from(chunk))) await once(stream, 'drain');
  };
  const end = async () => {
    stream.end();
    await finished(stream);
  };
  return { write, end };
}

const chunksOf = (file) => createReadStream(file, { highWaterMark: 1 << 19 });

async function convert(reader, createWriter) {
  const { write, end } = sinkTo(output);
  const writer = createWriter({ write });
  for await (const batch of reader) await writer.write(batch);
  await writer.finish(await reader.schema());
  await end();
}

/** The schema that apache-arrow finds in the rows, so that both write the same. */
const columns = [
  { name: 'id', type: { kind: 'integer' } },
  { name: 'name', type: { kind: 'string' } },
  { name: 'note', type: { kind: 'string' } },
  { name: 'amount', type: { kind: 'float64' } },
  { name: 'paid', type: { kind: 'boolean' } },
];

const tasks = {
  async make() {
    await tasks['ours write']();
  },

  async 'ours read'() {
    let sum = 0;
    for await (const batch of arrow().createReader(createReadStream(input, { highWaterMark: 1 << 20 }))) {
      for (const row of rowObjects(batch)) sum += row.amount;
    }
    return sum;
  },

  async 'apache read'() {
    let sum = 0;
    const reader = await RecordBatchReader.from(createReadStream(input, { highWaterMark: 1 << 20 }));
    for await (const batch of reader) for (const row of batch) sum += row.toJSON().amount;
    return sum;
  },

  async 'ours jsonl'() {
    const { write, end } = sinkTo(output);
    const writer = jsonl().createWriter({ write });
    for await (const batch of arrow().createReader(createReadStream(input, { highWaterMark: 1 << 20 })))
      await writer.write(batch);
    await writer.finish();
    await end();
  },

  async 'apache jsonl'() {
    const { write, end } = sinkTo(output);
    const reader = await RecordBatchReader.from(createReadStream(input, { highWaterMark: 1 << 20 }));
    for await (const batch of reader) {
      let text = '';
      for (const row of batch) {
        const { id, ...rest } = row.toJSON();
        text += `${JSON.stringify({ id: Number(id), ...rest })}\n`;
      }
      await write(text);
    }
    await end();
  },

  async 'ours write'() {
    const { write, end } = sinkTo(output);
    const writer = arrow().createWriter({ write });
    let held = [];
    let first = 0;
    for (const row of rows()) {
      held.push(Object.values(row));
      if (held.length < 10_000) continue;
      await writer.write(rowsBatch({ columns }, held, first));
      first += held.length;
      held = [];
    }
    await writer.finish();
    await end();
  },

  async 'ours from csv'() {
    await convert(csv().createReader(chunksOf(input), { types: 'infer' }), (sink) =>
      arrow().createWriter(sink),
    );
  },

  async 'ours to csv'() {
    await convert(arrow().createReader(chunksOf(input)), (sink) => csv().createWriter(sink));
  },

  async 'apache write'() {
    const { write, end } = sinkTo(output);
    await write(await RecordBatchFileWriter.writeAll(tableFromJSON([...rows()])).toUint8Array());
    await end();
  },

  async 'apache write arrays'() {
    const { write, end } = sinkTo(output);
    const all = [...rows()];
    const table = tableFromArrays({
      id: BigInt64Array.from(all, ({ id }) => BigInt(id)),
      name: all.map(({ name }) => name),
      note: all.map(({ note }) => note),
      amount: Float64Array.from(all, ({ amount }) => amount),
      paid: all.map(({ paid }) => paid),
    });
    await write(await RecordBatchFileWriter.writeAll(table).toUint8Array());
    await end();
  },
};

await tasks[task]();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, memory: peakMemory() / 2 ** 20 }));
