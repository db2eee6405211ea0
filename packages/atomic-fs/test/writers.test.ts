import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { open, writeFile, writeFileSync } from '@x/atomic-fs';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { printed, type Result, resultOf, startFixture } from './child.ts';
import { makeDirectory } from './directory.ts';

const makeTarget = (): string => path.join(makeDirectory(), 'out.csv');

/** Whether a content is one whole version, as `fixtures/race.mjs` writes them. */
function isWhole(content: string): boolean {
  const { length } = content;
  return (
    length > 0 && content === content.charAt(0).repeat(length) && length % 1000 === content.charCodeAt(0)
  );
}

test('many writers in one process: the last to publish wins, none shares a temp', async () => {
  const target = makeTarget();
  const files = await Promise.all(Array.from({ length: 10 }, () => open(target, { durability: 'none' })));
  expect(new Set(files.map((file) => file.tempPath)).size).toBe(10);
  expect(files.filter((file) => file.tempPath === `${target}.tmp`)).toHaveLength(1);
  await Promise.all(files.map((file, i) => file.write(`${i}`.repeat(1000))));
  for (const [i, file] of files.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    await file.commit();
    expect(fs.readFileSync(target, 'utf8')).toBe(`${i}`.repeat(1000));
  }
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('blocking and awaited writers at once', async () => {
  const target = makeTarget();
  const pending = Array.from({ length: 5 }, (_, i) => writeFile(target, `${i}`.repeat(5000)));
  writeFileSync(target, 'x'.repeat(5000));
  await Promise.all(pending);
  expect(fs.readFileSync(target, 'utf8')).toMatch(/^(.)\1{4999}$/);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('processes that write one file: every read is one whole version, none fails, nothing is left', async () => {
  const target = makeTarget();
  // What a killed run left is in the way of all of them.
  fs.writeFileSync(`${target}.tmp`, 'left');
  const writers = ['a', 'b', 'c'].map((letter) => startFixture('race.mjs', [target, letter, '20', '10']));
  const ended = Promise.all(writers.map(resultOf));
  // What is there by now is read, however seldom this process gets to read in between.
  const goOn = async (): Promise<string> => {
    await Promise.all(writers.map((writer) => printed(writer, 'paused')));
    const halfway = fs.readFileSync(target, 'utf8');
    for (const writer of writers) writer.stdin?.write('go on\n');
    return halfway;
  };
  const [{ contents, results }, halfway] = await Promise.all([readWhile(target, ended), goOn()]);
  for (const result of results) expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(results.map(({ stdout }) => stdout).join('')).toMatch(/^(paused\n|LEFTOVER_REMOVED\n){4,}$/);
  expect(contents.add(halfway).size).toBeGreaterThan(1);
  expect([...contents].filter((content) => !isWhole(content))).toEqual([]);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('worker threads that write one file', async () => {
  const target = makeTarget();
  const fixture = fileURLToPath(new URL('fixtures/race.mjs', import.meta.url));
  const threads = ['a', 'b', 'c'].map(async (letter): Promise<Result> => {
    const worker = new Worker(fixture, { argv: [target, letter, '20'], execArgv: [...childNodeArgs] });
    const code = await new Promise<number>((resolve, reject) =>
      worker.on('error', reject).on('exit', resolve),
    );
    return { code, signal: null, stdout: '', stderr: '' };
  });
  const { contents, results } = await readWhile(target, Promise.all(threads));
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect([...contents].filter((content) => !isWhole(content))).toEqual([]);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

/** Reads a file again and again until something else is done. */
async function readWhile<T>(
  target: string,
  done: Promise<T>,
): Promise<{ contents: Set<string>; results: T }> {
  const contents = new Set<string>();
  let isDone = false;
  const finish = (): void => void (isDone = true);
  done.then(finish, finish);
  for (;;) {
    const over = isDone;
    if (fs.existsSync(target)) contents.add(fs.readFileSync(target, 'utf8'));
    if (over) break;
    // oxlint-disable-next-line no-await-in-loop -- lets the others run
    await new Promise(setImmediate);
  }
  return { contents, results: await done };
}
