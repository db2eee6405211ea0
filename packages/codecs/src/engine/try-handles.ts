import * as zlib from 'node:zlib';

import type { EngineOptions, ZlibStream } from './engine.ts';
import { HandleEngine } from './handle-engine.ts';
import { OutputBuffers } from '../output-buffers.ts';

/** Long enough for the thread pool, though what it packs to is not. */
const content = Buffer.alloc(12 * 1024, 'a line to pack, ');
const behind = Buffer.from('behind');
const chunkSize = 8 * 1024;

let verdict: Promise<boolean> | undefined;

/**
 * Whether {@link HandleEngine} works in this Node.js. Handles are not public: the first call tries
 * them on a known input, and whatever differs from the expected makes the answer false.
 */
export function handlesWork(): Promise<boolean> {
  return (verdict ??= tryHandles());
}

async function tryHandles(): Promise<boolean> {
  const engines: HandleEngine[] = [];
  let answered = false;
  const open = (
    create: (size: number) => ZlibStream,
    direction: EngineOptions['direction'],
  ): HandleEngine => {
    const { Z_FINISH } = zlib.constants;
    const buffers = new OutputBuffers(false, chunkSize);
    const engine = new HandleEngine(create, { direction, finish: Z_FINISH, buffers });
    engines.push(engine);
    return engine;
  };
  try {
    const encoder = open((size) => zlib.createDeflateRaw({ chunkSize: size }), 'compress');
    const decoder = open((size) => zlib.createInflateRaw({ chunkSize: size }), 'decompress');
    const answer = thereAndBack(encoder, decoder).finally(() => (answered = true));
    return await Promise.race([answer, noAnswer(() => answered)]);
  } catch {
    // The answer is no, and the public stream does the work.
    return false;
  } finally {
    for (const engine of engines) engine.close();
  }
}

async function thereAndBack(encoder: HandleEngine, decoder: HandleEngine): Promise<boolean> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encoder.write(content)) pieces.push(piece);
  for await (const piece of encoder.end()) pieces.push(piece);
  const member = Buffer.concat([...pieces, behind]);
  for (let round = 0; round < 2; round++) {
    const output = decoder.write(member);
    const decoded: Uint8Array[] = [];
    let step = await output.next();
    for (; step.done !== true; step = await output.next()) decoded.push(step.value);
    const { taken, ended } = step.value;
    if (!ended || taken !== member.length - behind.length || !Buffer.concat(decoded).equals(content))
      return false;
    decoder.reset();
  }
  return failsOnGarbage(decoder);
}

async function failsOnGarbage(decoder: HandleEngine): Promise<boolean> {
  try {
    await decoder.write(Buffer.alloc(content.length, 0xff)).next();
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR';
  }
}

/**
 * False, long after a handle would have told its result: a thousand rounds of like work on the
 * thread pool later. A clock would misjudge a machine that is busy or was asleep; here it only says when
 * to begin with that work, which would slow what is tried down.
 */
async function noAnswer(answered: () => boolean): Promise<false> {
  for (let round = 0; round < 20 && !answered(); round++) await new Promise((go) => setTimeout(go, 1));
  // An import of `node:util` loads a dozen modules of Node.js, and takes every program 4 ms.
  const { promisify } = process.getBuiltinModule('node:util');
  const deflate = promisify(zlib.deflateRaw);
  for (let round = 0; round < 1000 && !answered(); round++) await deflate(content);
  return false;
}
