/** A text as files have it that somebody has encoded, well or badly; what has two bytes a character matters where a chunk ends. */
export function inOddEncodings(text: string): Buffer[] {
  const utf16 = Buffer.from(`\ufeff${text}é😀`, 'utf16le');
  const utf8 = Buffer.from(text);
  const middle = utf8.length >> 1;
  return [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`${text.slice(0, middle)}\ufeff${text.slice(middle)}`),
    utf16,
    Buffer.from(utf16).swap16(),
    // Half a pair of surrogates, and half a unit.
    Buffer.concat([utf16.subarray(0, -2), Buffer.from(text, 'utf16le')]),
    utf16.subarray(0, -1),
    // A byte that no character has, one that begins none, and a character without its end, in the middle and at the end.
    ...[[0xff], [0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98]].flatMap((bytes) => [
      Buffer.concat([utf8.subarray(0, middle), Buffer.from(bytes), utf8.subarray(middle)]),
      Buffer.concat([utf8, Buffer.from(bytes)]),
    ]),
    Buffer.from(`\0${text}`),
    Buffer.from(`${text}\0\0`),
    utf8.subarray(0, 0),
    utf8.subarray(0, 1),
    utf8.subarray(0, 3),
  ];
}
