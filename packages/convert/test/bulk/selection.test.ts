import { join } from 'node:path';
import { expect, test } from 'vitest';

import { type FoundFile, foundInMemory } from '../../src/bulk/found-files.ts';
import { Selection } from '../../src/bulk/selection.ts';

const out = '/data';

interface Case {
  readonly files: readonly FoundFile[];
  readonly nameOf: (file: FoundFile) => string;
  readonly reserved: readonly string[];
}

type Outcome = { readonly jobs: (readonly [source: string, output: string])[] } | { readonly error: string };

async function selected({ files, nameOf, reserved }: Case): Promise<Outcome> {
  const selection = new Selection(foundInMemory(), out, nameOf, reserved);
  for (const file of files) await selection.add(file);
  try {
    await selection.refuseCollisions();
  } catch (error) {
    return { error: (error as Error).message };
  }
  const jobs: [string, string][] = [];
  for await (const { file, destination } of selection.sources()) jobs.push([file.path, destination]);
  return { jobs };
}

/** The same with the paths themselves, all of them at once. */
function model({ files, nameOf, reserved }: Case): Outcome {
  const makers = new Map(files.map((file) => [nameOf(file), file.path]));
  const sources = files.filter(({ path, named }) => {
    if (named) return true;
    if (reserved.some((one) => path === one || path.startsWith(`${one}/`))) return false;
    return (makers.get(path) ?? path) === path;
  });
  const takenBy = new Map<string, string>();
  for (const file of sources) {
    const output = nameOf(file);
    const other = takenBy.get(output);
    if (other !== undefined) return { error: `${other} and ${file.path} would both become this file` };
    const where = 'is where the manifest or the rejects go';
    if (reserved.includes(output)) return { error: `the output of ${file.path} ${where}` };
    if (reserved.includes(file.path)) return { error: `a source ${where}` };
    if (output !== file.path && sources.some(({ path }) => path === output)) {
      return { error: `the output of ${file.path} is itself a source` };
    }
    takenBy.set(output, file.path);
  }
  return { jobs: sources.map((file) => [file.path, nameOf(file)]) };
}

/** Numbers below `end`, the same in every run. */
function random(seed: number): (end: number) => number {
  let state = seed * 2 + 1;
  return (end) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
}

function caseOf(seed: number): Case {
  const below = random(seed);
  const areApart = below(5) === 0;
  const places = Array.from({ length: 6 + below(6) }, (_, i) =>
    join(areApart || below(4) === 0 ? '/in' : out, `${i}`),
  );
  // Among them are chains of outputs, rings, outputs that are their own source, and outputs of several.
  const target = (): string =>
    join(below(8) === 0 ? '/in' : out, String(below(below(3) === 0 ? places.length : 40)));
  const targets = new Map(places.map((path) => [path, target()]));
  const files = places.map((path) => ({ path, folders: '.', named: below(3) === 0 }));
  return {
    files,
    nameOf: ({ path }) => targets.get(path)!,
    reserved: below(4) === 0 ? [join(out, String(below(6)))] : [],
  };
}

test('what is selected and what is refused is what a list of the paths says', async () => {
  const kinds = { jobs: 0, dropped: 0, both: 0, itself: 0, manifest: 0 };
  const words = ['both', 'itself', 'manifest'] as const;
  for (let seed = 0; seed < 3000; seed += 1) {
    const one = caseOf(seed);
    const expected = model(one);
    expect(await selected(one), `seed ${seed}`).toEqual(expected);
    if ('jobs' in expected) kinds[expected.jobs.length === one.files.length ? 'jobs' : 'dropped'] += 1;
    else kinds[words.find((word) => expected.error.includes(word))!] += 1;
  }
  for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(50);
});
