// What is measured of this package: a process that reads a file and writes what comes of it to its output.
//
//   ours.mjs decompress CODEC FILE
//   ours.mjs compress CODEC LEVEL THREADS FILE
//   ours.mjs write CODEC BYTES FILE           writes of that many bytes to a compressor
//   ours.mjs parse CODEC FILE                 splits a file into lines, packed or, with `nothing`, plain
import { once } from 'node:events';
import fs from 'node:fs';

const [job, ...args] = process.argv.slice(2);
const jobs = { decompress: unpack, compress: pack, write, parse };
await jobs[job](...args);

const open = (file) => fs.createReadStream(file, { highWaterMark: 1024 * 1024 });

async function unpack(codec, file) {
  const { decompress } = await import('@x/codecs');
  await writeOut(decompress(open(file), codec, { reuse: true }));
}

async function pack(codec, level, threads, file) {
  const { compress } = await import('@x/codecs');
  const spec = { codec, level: Number(level), threads: Number(threads) };
  await writeOut(compress(open(file), spec, { reuse: true }));
}

async function write(codec, size, file) {
  const { createCompressor } = await import('@x/codecs');
  const compressor = createCompressor(codec);
  const written = writeOut(compressor);
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 256 * 1024 })) {
    for (let at = 0; at < chunk.length; at += Number(size)) {
      if (!compressor.write(chunk.subarray(at, at + Number(size)))) await once(compressor, 'drain');
    }
  }
  compressor.end();
  await written;
}

async function parse(codec, file) {
  const { decompress } = codec === 'nothing' ? {} : await import('@x/codecs');
  const decoder = new TextDecoder();
  let lines = 0;
  let rest = '';
  for await (const chunk of codec === 'nothing' ? open(file) : decompress(open(file), codec, { reuse: true })) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop();
    lines += parts.length;
  }
  console.log(lines);
}

async function writeOut(chunks) {
  for await (const chunk of chunks) fs.writeSync(1, chunk);
}
