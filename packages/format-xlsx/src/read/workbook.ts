import { FormatError } from '@x/formats';
import type { Archive } from '@x/formats/zip';

import { corrupt, format } from '../errors.ts';
import { type Meaning, meaningOf } from '../value/number-format.ts';
import { attribute, readWhole } from './xml-part.ts';

export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: string;
}

/** What a workbook says of its sheets. */
export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** Whether days are counted from 1904. */
  readonly is1904: boolean;
  /** What numbers mean, by the style of their cell. */
  readonly styles: readonly Meaning[];
  readonly sharedTexts: string | undefined;
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const root = await relationsOf(archive, '');
  const main =
    [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml';
  if (!archive.has(main)) throw corrupt('there is no workbook in the file');
  const relations = await relationsOf(archive, main);
  const sheets: Sheet[] = [];
  let is1904 = false;
  await readWhole(archive.read(main), main, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = isTrue(attribute(attributes, 'date1904'));
      if (name !== 'sheet') return;
      const relation = relations.get(attribute(attributes, 'id') ?? '');
      // A sheet can also be a chart.
      if (relation?.type.endsWith('/worksheet') !== true) return;
      const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
      sheets.push({ name: attributes['name'] ?? '', isHidden, part: relation.target });
    },
    close: () => undefined,
  });
  const partOf = (end: string): string | undefined => {
    const target = [...relations.values()].find(({ type }) => type.endsWith(end))?.target;
    return target !== undefined && archive.has(target) ? target : undefined;
  };
  return {
    sheets,
    is1904,
    styles: await stylesOf(archive, partOf('/styles')),
    sharedTexts: partOf('/sharedStrings'),
  };
}

/** @throws {FormatError} BAD_OPTION when there is no such sheet. */
export function chosenSheet({ sheets }: Workbook, wanted: string | number | undefined): Sheet {
  let found: Sheet | undefined;
  if (wanted === undefined) found = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0];
  else if (typeof wanted === 'number') found = sheets[wanted - 1];
  else {
    // Excel does not allow two names that differ by case alone.
    found =
      sheets.find(({ name }) => name === wanted) ??
      sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  }
  if (found !== undefined) return found;
  if (wanted === undefined) throw corrupt('the workbook has no sheet with cells');
  throw new FormatError('BAD_OPTION', `there is no sheet ${JSON.stringify(wanted)}`, {
    format,
    hint: `the sheets are ${sheets.map(({ name }) => JSON.stringify(name)).join(', ')}`,
  });
}

async function relationsOf(archive: Archive, part: string): Promise<Map<string, Relation>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const path = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const found = new Map<string, Relation>();
  if (!archive.has(path)) return found;
  await readWhole(archive.read(path), path, {
    open(name, { Id, Type, Target, TargetMode }) {
      if (name !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External')
        return;
      found.set(Id, { type: Type ?? '', target: resolved(folder, Target) });
    },
    close: () => undefined,
  });
  return found;
}

function resolved(folder: string, target: string): string {
  return new URL(target, `zip:///${folder}`).pathname.slice(1);
}

async function stylesOf(archive: Archive, part: string | undefined): Promise<Meaning[]> {
  const codes = new Map<number, string>();
  const styles: Meaning[] = [];
  if (part === undefined) return styles;
  let isInCells = false;
  await readWhole(archive.read(part), part, {
    open(name, attributes) {
      const id = Number(attributes['numFmtId']);
      if (name === 'numFmt') codes.set(id, attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') isInCells = true;
      else if (name === 'xf' && isInCells) styles.push(meaningOf(id, codes.get(id)));
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true';
}
