/** Characters that XML 1.0 has no way to spell. */
// oxlint-disable-next-line no-control-regex -- these are what it is about
export const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export function escaped(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Text within quotes; white space other than blanks would become blanks. */
export function attribute(text: string): string {
  return escaped(text).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}

/** Text as paragraphs, one a line, in which white space is elements where it would be one blank, or none (6.1.2). */
export function paragraphs(text: string): string {
  if (text === '') return '';
  const lines = text
    .split('\n')
    .map((line) => `<text:p>${/[\t ]/.test(line) ? spaced(line) : escaped(line)}</text:p>`);
  return lines.join('');
}

function spaced(line: string): string {
  return escaped(line).replaceAll(/\t| +/g, (run, at: number, all: string) => {
    if (run === '\t') return '<text:tab/>';
    const [before, after] = [all[at - 1], all[at + run.length]];
    const isBetween = before !== undefined && after !== undefined && before !== '\t' && after !== '\t';
    if (run === ' ' && isBetween) return ' ';
    return `<text:s text:c="${run.length}"/>`;
  });
}
