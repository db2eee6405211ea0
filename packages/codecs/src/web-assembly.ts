import { CodecError } from './codec-error.ts';

/** The part of the WebAssembly API that is used here; TypeScript has it only in the browser's library. */
export interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

export const pageBytes = 64 * 1024;

const { WebAssembly: webAssembly } = globalThis as { WebAssembly?: WebAssemblyApi };

/** WebAssembly. Throws `UNAVAILABLE` where Node.js runs without it. */
export function requireWebAssembly(codec: string): WebAssemblyApi {
  if (webAssembly !== undefined) return webAssembly;
  throw new CodecError('UNAVAILABLE', {
    codec,
    problem: 'this Node.js runs without WebAssembly',
    hint: 'Start it without --jitless',
  });
}
