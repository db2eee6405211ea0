// What is measured of this package: a process that reads a file and writes what comes of it to its output.
//
//   ours.mjs decompress CODEC FILE
//   ours.mjs compress CODEC LEVEL THREADS FILE
//   ours.mjs write CODEC BYTES FILE           writes of that many bytes to a compressor
//   ours.mjs parse CODEC FILE                 splits a file into lines, packed or, with `nothing`, plain
import { once } from 'node:events';
import fs from 'node:fs';

/** A file in pieces that use one buffer again and again. */
async function* open(file) {
  const handle = await fs.promises.open(file);
  try {
    const buffer = Buffer.allocUnsafeSlow(512 * 1024);
    for (;;) {
      const { bytesRead } = await handle.read(buffer);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function unpack(codec, file) {
  const { decompress } = await import('@x/codecs');
  await writeOut(decompress(open(file), codec, { reuse: true }));
}

async function pack(codec, level, threads, file) {
  const { compress } = await import('@x/codecs');
  const spec = { codec, level: Number(level), threads: Number(threads) };
  await writeOut(compress(open(file), spec, { reuse: true }));
}

async function write(codec, bytes, file) {
  const size = Number(bytes);
  const { createCompressor } = await import('@x/codecs');
  const compressor = createCompressor(codec);
  const written = writeOut(compressor);
  for await (const chunk of open(file)) {
    for (let at = 0; at < chunk.length; at += size) {
      if (!compressor.write(chunk.subarray(at, at + size))) await once(compressor, 'drain');
    }
  }
  compressor.end();
  await written;
}

async function parse(codec, file) {
  const { decompress } = codec === 'nothing' ? {} : await import('@x/codecs');
  const newline = 10;
  let rest = Buffer.alloc(0);
  let characters = 0;
  for await (const chunk of codec === 'nothing'
    ? open(file)
    : decompress(open(file), codec, { reuse: true })) {
    let from = 0;
    for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
      const line =
        from > 0 ? chunk.toString('utf8', from, to) : Buffer.concat([rest, chunk.subarray(0, to)]).toString();
      characters += line.length;
      from = to + 1;
    }
    // A copy, because the chunk's memory is used again.
    rest = Buffer.from(chunk.subarray(from));
  }
  console.log(characters);
}

async function writeOut(chunks) {
  for await (const chunk of chunks) fs.writeSync(1, chunk);
}

const [job, ...args] = process.argv.slice(2);
const jobs = { decompress: unpack, compress: pack, write, parse };
await jobs[job](...args);
