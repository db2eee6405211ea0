/** Characters that XML cannot have are written by their numbers (ISO/IEC 29500-1, 22.9.2.19). */
const escape = /_x([0-9a-f]{4})_/gi;

export function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(escape, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    : text;
}

/** Text for an element. A line feed stays, a carriage return would not. */
export function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  if (!/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff<>&]|_x/.test(text)) return text;
  return (
    text
      .replaceAll(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
      // oxlint-disable-next-line no-control-regex -- these are what it is about
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]/g, (letter) => {
        return `_x${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
      })
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}
