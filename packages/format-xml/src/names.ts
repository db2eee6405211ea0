// Names of XML 1.0 (fifth edition, 2.3), without the colon, which is for namespaces.
const start =
  'A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}';
const later = `${start}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040`;
const name = new RegExp(`^[${start}][${later}]*$`, 'u');
const noStart = new RegExp(`^[^${start}]`, 'u');
const noLater = new RegExp(`[^${later}]`, 'gu');

export function checkName(text: string): boolean {
  return name.test(text);
}

const number = (letter: string): string =>
  `_x${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}_`;

/** A name for any text but the empty one: what cannot be in a name is written by its number, as SQL Server does. */
export function encodedName(text: string): string {
  return text
    .replaceAll(/_(?=x[0-9a-f]{4,6}_)/gi, '_x005F_')
    .replace(noStart, number)
    .replaceAll(noLater, number);
}

export function decodedName(text: string): string {
  return text.replaceAll(/_x([0-9a-f]{4,6})_/gi, (whole, digits: string) => {
    const code = parseInt(digits, 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}
