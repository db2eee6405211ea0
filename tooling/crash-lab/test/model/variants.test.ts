import { expect, test } from 'vitest';

import { Disk } from '../../src/model/disk.ts';
import { fresh, writeEffects } from '../../src/model/effect.ts';
import { variantsOf } from '../../src/model/variants.ts';
import { seededRandom } from '../../src/random.ts';

const block = 4096;

function contentsAfter(size: number, text: string, offset: number): string[] {
  const disk = new Disk('/box', {});
  const file = disk.addFile(Buffer.alloc(size, 'o'), 0o644);
  for (const effect of writeEffects(file.id, offset, Buffer.from(text), 'write')) disk.alter(effect);
  const { variants } = variantsOf(file, 1000, seededRandom(1));
  return variants.map(({ content }) => Buffer.from(content).toString().replaceAll('\0', '.')).toSorted();
}

test('a small write over old content is there or not', () => {
  expect(contentsAfter(4, 'new', 0)).toEqual(['newo', 'oooo']);
});

test('a write past the end may leave its size without its data, or nothing', () => {
  expect(contentsAfter(2, 'new', 2)).toEqual(['oo', 'oo...', 'oonew']);
});

test('a block is kept, lost, or torn in the middle at a sector', () => {
  const contents = contentsAfter(block, 'n'.repeat(block), 0);
  const torn = 'n'.repeat(block / 2) + 'o'.repeat(block / 2);
  expect(contents).toEqual(['n'.repeat(block), torn, 'o'.repeat(block)]);
});

test('blocks of one write are lost independently of each other', () => {
  const contents = contentsAfter(2 * block, 'n'.repeat(2 * block), 0);
  expect(contents).toHaveLength(9);
  expect(contents).toContain('o'.repeat(block) + 'n'.repeat(block));
});

test('a truncation that is lost leaves the old end behind new data', () => {
  const disk = new Disk('/box', {});
  const file = disk.addFile(Buffer.from('oooooo'), 0o644);
  disk.alter({ ...fresh('truncate'), inode: file.id, kind: 'truncate', size: 0 });
  for (const effect of writeEffects(file.id, 0, Buffer.from('nn'), 'write')) disk.alter(effect);
  const { variants } = variantsOf(file, 1000, seededRandom(1));
  const contents = variants.map(({ content }) => Buffer.from(content).toString().replaceAll('\0', '.'));
  expect(contents.toSorted()).toEqual(['', '..', 'nn', 'nnoooo', 'oooooo']);
});
