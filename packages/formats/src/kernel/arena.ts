import { FormatError } from '../format-error.ts';
import { createKernel, kernelBytes, knownTexts, type KernelMemory, type SimdKernel } from './simd.ts';
import { pageBytes } from './web-assembly.ts';

const alignment = 64;

/** Memories that no arena has, to be used again: each one claims much address space, and has to be cleared. */
const idle: KernelMemory[] = [];
const mostIdle = 4;
const mostIdleBytes = 16 * 1024 * 1024;

/** What a reader holds at first; it takes more where a record needs more. Tests take little, so that edges are everywhere. */
export interface ArenaSizes {
  /** Bytes of a source. */
  readonly windowBytes: number;
  readonly cells: number;
}

/** Enough that the cost of a run is in its cells, and little enough to stay in the processor's cache. */
const usualSizes: ArenaSizes = { windowBytes: 256 * 1024, cells: 65_536 };

/**
 * Memory that a reader and a writer share with the kernel, so that cells go from one to the other
 * without being copied. Regions are given out and never taken back; memory is released as a whole.
 */
export class Arena {
  readonly sizes: ArenaSizes;
  #kernelMemory: KernelMemory | undefined;
  #bytes: Buffer;
  #words: Uint32Array;
  #used = kernelBytes;
  #texts: string[] | undefined;
  /** Writes of regions that are still under way. */
  readonly #pending = new Set<Promise<unknown>>();

  constructor(withKernel = true, sizes = usualSizes) {
    this.sizes = sizes;
    this.#kernelMemory = withKernel ? (idle.pop() ?? createKernel()) : undefined;
    const { memory } = this.#kernelMemory ?? {};
    this.kernel?.forgetTexts();
    this.#bytes = memory === undefined ? Buffer.alloc(kernelBytes) : Buffer.from(memory.buffer);
    this.#words = wordsOf(this.#bytes);
  }

  /** Undefined where there is no WebAssembly, or no memory for it. Everything works without it, only slower. */
  get kernel(): SimdKernel | undefined {
    return this.#kernelMemory?.kernel;
  }

  /** The kernel with its memory, for kernels that work on the same one. */
  get kernelMemory(): KernelMemory | undefined {
    return this.#kernelMemory;
  }

  /** All of the memory. To be asked for again after anything that may have allocated. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** All of the memory as 32-bit words. To be asked for again after anything that may have allocated. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** The texts that the kernel knows by their number. */
  get texts(): string[] {
    this.#texts ??= Array<string>(knownTexts).fill('');
    return this.#texts;
  }

  /**
   * Gives out a region of its own, at a multiple of 64, and says where it begins.
   *
   * @throws {FormatError} LIMIT when there is no more memory.
   */
  async allocate(size: number): Promise<number> {
    const at = this.#used;
    this.#used = Math.ceil((at + size) / alignment) * alignment;
    if (this.#used > this.#bytes.length) await this.#grow();
    return at;
  }

  /** A write of a region is under way: growing, which takes the bytes away from everyone, has to wait. */
  hold(write: Promise<void>): void {
    const release = () => this.#pending.delete(settled);
    const settled: Promise<boolean> = write.then(release, release);
    this.#pending.add(settled);
  }

  /** Gives the memory back. Nothing that is in it can be used any more. */
  release(): void {
    const released = this.#kernelMemory;
    this.#kernelMemory = undefined;
    this.#bytes = Buffer.alloc(0);
    this.#words = new Uint32Array(0);
    if (released === undefined || released.memory.buffer.byteLength > mostIdleBytes) return;
    void this.#keepIdle(released);
  }

  async #keepIdle(released: KernelMemory): Promise<void> {
    await Promise.all(this.#pending);
    if (idle.length < mostIdle) idle.push(released);
  }

  async #grow(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    const missing = Math.ceil((this.#used - this.#bytes.length) / pageBytes);
    if (missing <= 0) return;
    try {
      this.#bytes = this.#enlarged(missing);
    } catch (cause) {
      throw new FormatError('LIMIT', `there is no memory for ${this.#used} bytes at once`, {
        cause,
        hint: 'hold less at a time: lower scanLimit or maxRecordBytes',
      });
    }
    this.#words = wordsOf(this.#bytes);
  }

  #enlarged(pages: number): Buffer {
    const { memory } = this.#kernelMemory ?? {};
    if (memory === undefined) {
      const larger = Buffer.alloc(this.#bytes.length + pages * pageBytes);
      larger.set(this.#bytes);
      return larger;
    }
    memory.grow(pages);
    return Buffer.from(memory.buffer);
  }
}

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
