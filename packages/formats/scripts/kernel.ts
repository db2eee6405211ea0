// Compiles assembly/ to the modules that src/kernel embeds. The generated files are committed, so that the
// sources run without a build; a test holds them together.
//
//   pnpm --filter @x/formats kernel

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { main as compile } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('..', import.meta.url));

/**
 * The modules, which share a memory: below the base of the first are the words of assembly/report.ts, and
 * what the first keeps for itself ends before the base of the second. A test compares.
 */
export const kernels = [
  { entry: 'assembly/index.ts', base: 64, name: 'simdModule', target: 'src/kernel/simd.generated.ts' },
  {
    entry: 'assembly/columns/index.ts',
    base: 131_072,
    name: 'columnsModule',
    target: 'src/kernel/columns.generated.ts',
  },
] as const;

const flags =
  '--optimizeLevel 3 --shrinkLevel 0 --converge --noAssert --enable simd --runtime stub --importMemory ' +
  '--maximumMemory 65536 --memoryBase';

/** The text of a generated file. */
export async function compileKernel({ entry, base, name }: (typeof kernels)[number]): Promise<string> {
  const files = new Map<string, Uint8Array | string>();
  const { error, stderr } = await compile(
    [entry, '--baseDir', folder, '--outFile', 'kernel.wasm', ...flags.split(' '), String(base)],
    { writeFile: (file, contents) => void files.set(file, contents) },
  );
  const wasm = files.get('kernel.wasm');
  if (error !== null || !(wasm instanceof Uint8Array))
    throw new Error('The kernel does not compile', { cause: error ?? stderr });
  return [
    '// Compiled from assembly/ by scripts/kernel.ts. Not to be edited.',
    '',
    '/** A WebAssembly module, in base64. */',
    `export const ${name} =\n  '${Buffer.from(wasm).toString('base64')}';`,
    '',
  ].join('\n');
}

if (import.meta.main) {
  for (const kernel of kernels) await writeFile(`${folder}${kernel.target}`, await compileKernel(kernel));
}
