import { requireWebAssembly } from '../web-assembly.ts';
import { Lz4Kernel } from './kernel.ts';

/** A kernel for blocks of that many bytes. Throws `UNAVAILABLE` where Node.js has no WebAssembly. */
export const createLz4Kernel = (blockSize: number): Lz4Kernel =>
  new Lz4Kernel(requireWebAssembly('lz4'), blockSize);
