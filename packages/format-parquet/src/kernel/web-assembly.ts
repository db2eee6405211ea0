// The part of the WebAssembly API that is used here. It is declared by hand, because TypeScript has
// it only in the library of the browser.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Detaches `buffer`. */
  grow(pages: number): number;
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Undefined where Node.js runs without it (`--jitless`). */
export const webAssembly = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;

export const pageBytes = 65_536;
