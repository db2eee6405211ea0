import type { Archive } from '@x/formats/zip';

import { overLimit } from '../errors.ts';
import { unescaped } from '../value/escapes.ts';
import { readWhole } from './xml-part.ts';

/** The texts that the cells of a workbook share. */
export async function readSharedTexts(
  archive: Archive,
  part: string | undefined,
  maxBytes: number,
): Promise<string[]> {
  const texts: string[] = [];
  if (part === undefined) return texts;
  if (archive.sizeOf(part) > maxBytes) {
    throw overLimit(`the workbook shares ${archive.sizeOf(part)} bytes of text`, 'maxSharedBytes');
  }
  let text = '';
  let isInText = false;
  // What says how a text is read aloud is not part of it.
  let isPhonetic = false;
  await readWhole(archive.read(part), part, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isInText = !isPhonetic;
    },
    text(piece) {
      if (isInText) text += piece;
    },
    close(name) {
      if (name === 'si') texts.push(unescaped(text));
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 't') isInText = false;
    },
  });
  return texts;
}
