import { CodecError } from '../codec-error.ts';
import { Lz4Kernel, webAssembly } from './kernel.ts';

/** A kernel for blocks of that many bytes. Throws `UNAVAILABLE` where Node.js has no WebAssembly. */
export function createLz4Kernel(blockSize: number): Lz4Kernel {
  if (webAssembly !== undefined) return new Lz4Kernel(webAssembly, blockSize);
  throw new CodecError('UNAVAILABLE', {
    codec: 'lz4',
    problem: 'this Node.js runs without WebAssembly',
    hint: 'Start it without --jitless',
  });
}
