import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

import { cell, spreadsheet } from './spreadsheet.ts';

test('the example of the README prints the rows', async () => {
  const file = await spreadsheet(
    `<table:table table:name="Notes"/>` +
      `<table:table table:name="Orders"><table:table-row>${cell('id')}${cell('day')}</table:table-row>` +
      `<table:table-row><table:table-cell office:value-type="float" office:value="1"/>` +
      `<table:table-cell office:value-type="date" office:date-value="2024-02-29"/></table:table-row></table:table>`,
  );
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), { 'orders.ods': file });
  expect(stdout).toBe('{"id":1,"day":"2024-02-29"}\n');
});
