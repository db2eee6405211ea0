import { readFileSync } from 'node:fs';

import { fixedWidth } from '@x/format-fixed-width';
import { readRows } from '@x/formats/contract-suite';
import { expect, test } from 'vitest';

const ratings = readFileSync(new URL('fixtures/massey-rating.txt', import.meta.url));

test('the layout of the ratings that readr brings is told by their blanks', async () => {
  const { names, rows } = await readRows(fixedWidth(), ratings, { types: 'infer' });
  expect(names).toEqual('UCC PAY LAZ KPK RT COF BIH DII ENG ACU Rank Team Conf'.split(' '));
  expect(rows).toHaveLength(10);
  expect(rows[0]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 'Ohio St', 'B10']);
  expect(rows[9]).toEqual([13, 10, 13, 11, 8, 9, 10, 11, 9, 10, 10, 'Mississippi', 'SEC']);
});
