import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { test } from './command.ts';

const missing = (program: string): boolean => spawnSync(program, ['--version']).error !== undefined;

describe('x formats', () => {
  test('lists formats and compressions with what they can do', async ({ x }) => {
    const { code, stdout, stderr } = await x('formats');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^jsonl +\.jsonl \.ndjson +yes +yes +yes +yes +yes +built in$/m);
    expect(stdout).toMatch(/^parquet +\.parquet .*yes +yes +no +yes +yes +@x\/format-parquet$/m);
    expect(stdout).toMatch(/^gzip +\.gz .*yes +yes +yes +0 to 9, default 6 +built in$/m);
  });

  test('--json lists them for programs', async ({ x }) => {
    const { formats, codecs } = JSON.parse((await x('formats', '--json')).stdout);
    expect(formats).toContainEqual(
      expect.objectContaining({ name: 'csv', read: true, write: true, streaming: true }),
    );
    expect(codecs).toContainEqual(
      expect.objectContaining({ name: 'zstd', extensions: ['.zst', '.zstd'], threads: true }),
    );
  });
});

describe('x completion', () => {
  test('bash completes commands, options and values', async ({ shell }) => {
    const { code, stdout, stderr } = await shell(`
      source <(x completion bash)
      complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _x; echo "\${COMPREPLY[*]}"; }
      complete_words x con
      complete_words x convert --dura
      complete_words x convert --durability ''
      complete_words x convert a.csv b --to js
      complete_words x convert a.csv b -t js
      complete_words x completion ''
      complete_words x convert ''`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [command, option, values, format, short, shells, files] = stdout.split('\n');
    expect(command).toBe('convert');
    expect(option).toBe('--durability');
    expect(values).toBe('full data none');
    expect(format).toMatch(/\bjsonl\b/);
    expect(short).toBe(format);
    expect(shells).toBe('bash zsh fish');
    // Nothing of our own: bash goes on to the files.
    expect(files).toBe('');
  });

  test.skipIf(missing('zsh'))('zsh takes its script (skipped where there is no zsh)', async ({ shell }) => {
    expect(await shell('x completion zsh | zsh -n')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.skipIf(missing('fish'))(
    'fish takes its script (skipped where there is no fish)',
    async ({ shell }) => {
      expect(await shell('x completion fish | fish -n')).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );

  test.skipIf(missing('fish'))(
    'fish completes commands, options, values and files (skipped where there is no fish)',
    async ({ folder, shell }) => {
      await writeFile(join(folder, 'orders.csv'), '');
      const offered = async (typed: string): Promise<string[]> => {
        const complete = `x completion fish > x.fish; fish --no-config -c "source x.fish; complete -C '${typed}'"`;
        const { stdout } = await shell(complete);
        return stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.split('\t')[0]!);
      };
      expect(await offered('x con')).toEqual(['convert']);
      expect(await offered('x convert a b --durab')).toEqual(['--durability']);
      expect(await offered('x convert a b --on-error ')).toEqual(['skip', 'stop']);
      expect(await offered('x help in')).toEqual(['inspect']);
      expect(await offered('x convert ord')).toEqual(['orders.csv']);
    },
  );

  test('zsh and fish are told of every command and its options', async ({ x }) => {
    const [zsh, fish] = await Promise.all([x('completion', 'zsh'), x('completion', 'fish')]);
    for (const { code, stdout } of [zsh, fish]) {
      expect(code).toBe(0);
      for (const name of ['convert', 'bulk', 'inspect', 'head', 'sweep', 'formats', 'completion']) {
        expect(stdout).toContain(name);
      }
      expect(stdout).toContain('durability');
      expect(stdout).toContain('full data none');
    }
  });
});
