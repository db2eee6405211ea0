import { yaml } from '@x/format-yaml';
import { datesOf, formatContract, inOddEncodings } from '@x/formats/contract-suite';

for (const layout of ['list', 'documents'] as const) {
  formatContract({
    format: yaml(),
    readOptions: (schema) => ({ types: { '*': 'any', ...datesOf(schema) } }),
    writeOptions: { layout },
    values: { brokenText: 'refused' },
    keepsColumnsOfNoRows: false,
    // The stream has no end of its own, and neither has a number or a text without quotes.
    cut: 'last row',
    lateColumns: 'kept',
    oddFiles: [
      '- a: 1\r\n- a: "\\u00e9\\\n    😀"\r\n# x\r\n- b: |\r\n    x\r\n\r\n    y\r\n',
      '%YAML 1.2\n---\na: &x [1]\nb: *x\n...\n---\na: 2\n--- {a: 3}\n',
      '- a: 1\n- a: [\n- *x\n- a: 1\r  b: 2\n- "\n',
      ...inOddEncodings('- a: é\n- b: 1\n'),
    ],
    badRows: {
      file: Buffer.from(
        layout === 'list'
          ? '- a: 1\n- a: 1\n  a: 2\n- a: 3\n- [4]\n- a: 5\n- "\n'
          : 'a: 1\n---\na: 1\na: 2\n---\na: 3\n---\n4\n---\na: 5\n---\n"\n',
      ),
      good: [[1], [3], [5]],
      bad: [2, 4, 6],
    },
  });
}
