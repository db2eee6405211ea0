// Compiles assembly/ to the module that src/kernel embeds. The generated file is committed, so that the
// sources run without a build; a test holds the two together.
//
//   pnpm --filter @x/format-parquet kernel

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { main as compile } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('..', import.meta.url));

const flags =
  '--optimizeLevel 3 --shrinkLevel 0 --converge --noAssert --enable simd --runtime stub ' +
  // Below the base are the words of assembly/report.ts.
  '--maximumMemory 65536 --memoryBase 64';

/** The text of src/kernel/kernel.generated.ts. */
export async function compileKernel(): Promise<string> {
  const files = new Map<string, Uint8Array | string>();
  const { error, stderr } = await compile(
    ['assembly/index.ts', '--baseDir', folder, '--outFile', 'kernel.wasm', ...flags.split(' ')],
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  const wasm = files.get('kernel.wasm');
  if (error !== null || !(wasm instanceof Uint8Array))
    throw new Error('The kernel does not compile', { cause: error ?? stderr });
  return [
    '// Compiled from assembly/ by scripts/kernel.ts. Not to be edited.',
    '',
    '/** A WebAssembly module, in base64. */',
    `export const kernelModule =\n  '${Buffer.from(wasm).toString('base64')}';`,
    '',
  ].join('\n');
}

if (import.meta.main) {
  await writeFile(`${folder}src/kernel/kernel.generated.ts`, await compileKernel());
}
