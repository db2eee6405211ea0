import { FormatError } from '@x/formats';
import type { Archive } from '@x/formats/zip';

import { corrupt, format } from '../errors.ts';
import type { ReadPlan } from '../options.ts';
import { type SheetRow, SheetRows } from './sheet-rows.ts';
import { readXml } from './xml-part.ts';

const manifest = 'META-INF/manifest.xml';
const content = 'content.xml';

/**
 * The rows of a sheet, as the document comes.
 *
 * @throws {FormatError} UNSUPPORTED for a password; BAD_OPTION where there is no such sheet.
 */
export async function* rowsOf(archive: Archive, plan: ReadPlan): AsyncGenerator<readonly SheetRow[], void> {
  if (archive.has(manifest)) await refuseEncrypted(archive, plan);
  if (!archive.has(content)) throw corrupt(`there is no ${content} in the file`);
  const sheet = new SheetRows(plan);
  for await (const _ of readXml(archive.read(content), content, sheet, plan.maxCellLength)) {
    const { rows } = sheet;
    if (rows.length === 0) continue;
    sheet.rows = [];
    yield rows;
  }
  if (!sheet.isDone) throw notFound(sheet.sheets, plan.sheet);
}

/** A file that is encrypted has the name and the size that it had, but nothing that can be read. */
async function refuseEncrypted(archive: Archive, { maxCellLength }: ReadPlan): Promise<void> {
  let isEncrypted = false;
  const handler = {
    open: (name: string): void => {
      isEncrypted ||= name.slice(name.indexOf(':') + 1) === 'encryption-data';
    },
    close: () => undefined,
  };
  for await (const _ of readXml(archive.read(manifest), manifest, handler, maxCellLength));
  if (!isEncrypted) return;
  throw new FormatError('UNSUPPORTED', 'the spreadsheet is protected by a password', {
    format,
    hint: 'save it without one',
  });
}

function notFound(sheets: readonly string[], wanted: string | number | undefined): FormatError {
  if (sheets.length === 0) return corrupt('there is no sheet in the file');
  const what = wanted === undefined ? 'every sheet is hidden' : `there is no sheet ${JSON.stringify(wanted)}`;
  const names = sheets.map((name) => JSON.stringify(name)).join(', ');
  const hint = `${wanted === undefined ? 'name one with sheet: ' : ''}the sheets are ${names}`;
  return new FormatError('BAD_OPTION', what, { format, hint });
}
