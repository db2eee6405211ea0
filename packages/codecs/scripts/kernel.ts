// Compiles assembly/ to the modules that the codecs embed. The generated files are committed, so that
// the sources run without a build; a test holds the two together.
//
//   pnpm --filter @x/codecs kernel

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { main as compile } from 'assemblyscript/asc';

export interface KernelModule {
  /** What is compiled, and where the result goes, from the folder of the package. */
  source: string;
  output: string;
  /** What the result is exported as. */
  name: string;
}

export const kernelModules: readonly KernelModule[] = [
  { source: 'assembly/index.ts', output: 'src/lz4/kernel.generated.ts', name: 'lz4Module' },
  { source: 'assembly/xz/index.ts', output: 'src/xz/kernel.generated.ts', name: 'xzModule' },
  { source: 'assembly/zstd/index.ts', output: 'src/zstd/kernel.generated.ts', name: 'xxhash64Module' },
];

const folder = fileURLToPath(new URL('..', import.meta.url));

const flags =
  '--optimizeLevel 3 --shrinkLevel 0 --converge --noAssert --enable simd --runtime stub --importMemory ' +
  // Below the base is what xxhash32.ts and lz4-encode.ts keep.
  '--maximumMemory 65536 --memoryBase 512';

/** The text of a module's generated file. */
export async function compileKernel({ source, name }: KernelModule): Promise<string> {
  const files = new Map<string, Uint8Array | string>();
  const { error, stderr } = await compile(
    [source, '--baseDir', folder, '--outFile', 'kernel.wasm', ...flags.split(' ')],
    { writeFile: (file, contents) => void files.set(file, contents) },
  );
  const wasm = files.get('kernel.wasm');
  if (error !== null || !(wasm instanceof Uint8Array)) {
    throw new Error(`${source} does not compile`, { cause: error ?? stderr });
  }
  return [
    '// Compiled from assembly/ by scripts/kernel.ts. Not to be edited.',
    '',
    '/** A WebAssembly module, in base64. */',
    `export const ${name} =\n  '${Buffer.from(wasm).toString('base64')}';`,
    '',
  ].join('\n');
}

if (import.meta.main) {
  for (const one of kernelModules) await writeFile(`${folder}${one.output}`, await compileKernel(one));
}
