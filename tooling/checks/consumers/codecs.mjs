import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';

import { CodecError, compress, decompress } from '@x/codecs';

const text = 'a line of text\n'.repeat(10_000);
const source = async function* () {
  yield Buffer.from(text);
};
const roundTrip = async (codec) => {
  const packed = await compress(source(), codec).bytes();
  assert.ok(packed.length < text.length / 10);
  assert.equal(Buffer.from(await decompress([packed], codec).bytes()).toString(), text);
  await assert.rejects(decompress([packed.subarray(0, -1)], codec).bytes(), { code: 'TRUNCATED' });
};

await roundTrip('gzip');
if ('createZstdCompress' in zlib) {
  await roundTrip('zstd');
  console.log('gzip and zstd go and come back');
} else {
  await assert.rejects(
    compress(source(), 'zstd').bytes(),
    (error) => error instanceof CodecError && error.code === 'UNAVAILABLE',
  );
  console.log('gzip goes and comes back; zstd says that this Node.js lacks it');
}
