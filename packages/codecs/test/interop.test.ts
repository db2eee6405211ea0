import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { byName, compress, decompress, type CodecName } from '@x/codecs';
import { readZipEntry, writeZipEntry } from '@x/codecs/zip';
import { describe, expect, test } from 'vitest';

import { longForm } from './long-form.ts';
import { noise, packedContent, text } from './samples.ts';
import { filter, missing, provide } from './tools.ts';

/*
 * Both ways between this package and the tools of Debian. Tools that are missing are skipped, and the
 * name of the test says so; `pnpm --filter @x/codecs interop` installs them and tries all the options.
 */

interface Tool {
  tool: string;
  debianPackage: string;
  codec: CodecName;
  /** Arguments with which it packs: the first ones always, the others in the long form. */
  pack: string[];
  morePacks: string[];
  unpack: string;
}

const tools: Tool[] = [
  {
    tool: 'gzip',
    debianPackage: 'gzip',
    codec: 'gzip',
    pack: ['-c'],
    morePacks: ['-c -1', '-c -9', '-c --rsyncable'],
    unpack: '-dc',
  },
  {
    tool: 'pigz',
    debianPackage: 'pigz',
    codec: 'gzip',
    pack: ['-c'],
    morePacks: ['-c -1', '-c -p 2 -b 128', '-c -p 2 -i', '-c -9 -R', '-c -H'],
    unpack: '-dc',
  },
  {
    tool: 'pigz',
    debianPackage: 'pigz',
    codec: 'deflate',
    pack: ['-c -z'],
    morePacks: ['-c -z -1'],
    unpack: '-dc',
  },
  {
    tool: 'zstd',
    debianPackage: 'zstd',
    codec: 'zstd',
    pack: ['-c -q'],
    morePacks: [
      '-c -q -1',
      '-c -q --fast=5',
      '-c -q -19',
      '-c -q -T2 -B524288',
      '-c -q --long=27',
      '-c -q --no-check',
      '-c -q --rsyncable',
    ],
    unpack: '-dc -q',
  },
  {
    tool: 'xz',
    debianPackage: 'xz-utils',
    codec: 'xz',
    pack: ['-c'],
    morePacks: [
      '-c -0',
      '-c -9e',
      '-c -T2 --block-size=100KiB',
      '-c --check=sha256',
      '-c --check=crc32',
      '-c --check=none',
      '-c --lzma2=preset=3,lc=0,lp=2,pb=1',
      '-c --lzma2=preset=1,lc=1,lp=3,pb=4,dict=4KiB',
    ],
    unpack: '-dc',
  },
  {
    tool: 'bzip2',
    debianPackage: 'bzip2',
    codec: 'bzip2',
    pack: ['-c'],
    morePacks: ['-c -1', '-c -5'],
    unpack: '-dc',
  },
  {
    tool: 'lz4',
    debianPackage: 'lz4',
    codec: 'lz4',
    pack: ['-c -q'],
    morePacks: [
      '-c -q -9',
      '-c -q -B4 -BD',
      '-c -q -BX',
      '-c -q --no-frame-crc',
      '-c -q --content-size',
      '-c -q -l',
    ],
    unpack: '-dc -q',
  },
  {
    tool: 'brotli',
    debianPackage: 'brotli',
    codec: 'brotli',
    pack: ['-c'],
    morePacks: ['-c -q 0', '-c -q 5', '-c -w 10', '-c -w 24'],
    unpack: '-dc',
  },
];

const contents: Record<string, Buffer> = {
  'nothing at all': Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  'lines and every byte': packedContent(),
  noise: noise(300_000),
  text: text(longForm ? 5_000_000 : 1_500_000),
};

const words = (line: string): string[] => line.split(' ');

for (const { tool, debianPackage, codec, pack, morePacks, unpack } of tools) {
  provide(tool, debianPackage);
  const lacking = missing(tool);
  describe.skipIf(lacking !== undefined)(`${tool} and our ${codec}: ${lacking ?? 'both ways'}`, () => {
    describe.each(Object.keys(contents))('%s', (name) => {
      const content = contents[name]!;

      test.each([...pack, ...(longForm ? morePacks : [])])(`${tool} %s is read`, async (args) => {
        const packed = filter(tool, words(args), content);
        expect(content.equals(await decompress(packed, codec).bytes())).toBe(true);
        const twice = Buffer.concat([packed, packed]);
        if (!byName(codec).capabilities.concatenation) return;
        expect(Buffer.concat([content, content]).equals(await decompress(twice, codec).bytes())).toBe(true);
      });

      const { compress: writes, levels } = byName(codec).capabilities;
      if (!writes) return;
      const chosen =
        levels === undefined
          ? ['default']
          : longForm
            ? ['fastest', 'fast', 'default', 'best']
            : ['fastest', 'default'];
      test.each(chosen as ('default' | 'best')[])(`${tool} reads level %s`, async (level) => {
        for (const threads of [1, 2]) {
          const packed = await compress(content, { codec, threads, level }).bytes();
          expect(filter(tool, words(unpack), packed).equals(content)).toBe(true);
        }
      });
    });
  });
}

provide('unzip', 'unzip');
provide('zip', 'zip');
const lacking = missing('unzip') ?? missing('zip');
test.skipIf(lacking !== undefined)(`zip and unzip: ${lacking ?? 'both ways'}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'interop-'));
  try {
    for (const content of Object.values(contents)) {
      const path = join(folder, 'ours.zip');
      writeFileSync(path, await writeZipEntry(content, 'data/a.csv').bytes());
      filter('unzip', ['-tq', path], Buffer.alloc(0));
      expect(filter('unzip', ['-p', path], Buffer.alloc(0)).equals(content)).toBe(true);
      const file = join(folder, 'a.csv');
      writeFileSync(file, content);
      const theirs = filter('zip', ['-q', '-j', '-', file], Buffer.alloc(0));
      expect(content.equals(await readZipEntry(theirs, 'a.csv').bytes())).toBe(true);
      expect(readFileSync(file).equals(content)).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
