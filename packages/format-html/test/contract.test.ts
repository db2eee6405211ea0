import { html } from '@x/format-html';
import type { Value } from '@x/formats';
import { formatContract, inOddEncodings, typesOfTexts } from '@x/formats/contract-suite';

formatContract({
  format: html(),
  readOptions: (schema, sample) => ({
    types: {
      ...typesOfTexts(schema),
      // NaN is a number to no text format.
      ...(sample === 'notFinite' && { value: 'text' }),
    },
  }),
  values: {
    controlCharacters: 'refused',
    brokenText: 'refused',
    binary: (value) => Buffer.from(value as Uint8Array).toString('base64'),
    hugeInteger: String,
    mixed: (value: Value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
    notFinite: String,
  },
  refusedNames: [''],
  keepsColumnsOfNoRows: true,
  cut: 'refused',
  lateColumns: 'refused',
  oddFiles: [
    '<table>\r\n<tr><th>a</th><th>b</th></tr>\r<tr><td>1&amp;2 &#x1F600;</td><td><pre>\r\n x\r\n</pre></td></tr><!-- x --></table>',
    '<table><tr><th>a<th>b<tr><td colspan=2>1<tr><td>2<td>3<td>4</table><table id=x>',
    '<table><tr><th>a<tr><td> x <b> y</b> <br> z<p>é😀</p><script>"</td>"</script></table>',
    '<meta charset="latin1"><table><tr><th>a<tr><td>x</table>',
    '<table><tr><td>&ampx; &copy &notit;',
    ...inOddEncodings('<table><tr><th>a<tr><td>é</table>'),
  ],
  badRows: {
    file: Buffer.from(
      '<table><tr><th>a<th>b<tr><td>1<td>2<tr><td>3<tr><td>4<td>5<tr><td>6<td>7<td>8<tr><td>9<td>10</table>',
    ),
    good: [
      ['1', '2'],
      ['4', '5'],
      ['9', '10'],
    ],
    bad: [2, 4],
  },
});
