// Copies text from one spelling to another. `o` is where to write; the result is just after what
// was written. Up to 64 bytes after that may be overwritten with anything.

import { hexDigit } from './json-scan';

export function copyPlain(start: u32, end: u32, o: u32): u32 {
  v128.store(o, v128.load(start));
  const length = end - start;
  for (let i: u32 = 16; i < length; i += 16) v128.store(o + i, v128.load(start + i));
  return o + length;
}

/** The escape of a byte below 32, a quote or a backslash, as JSON.stringify spells it. */
export function writeEscape(byte: u32, o: u32): u32 {
  store<u8>(o, 92);
  let letter: u32 = 0;
  if (byte == 34 || byte == 92) letter = byte;
  else if (byte == 10) letter = 110;
  else if (byte == 13) letter = 114;
  else if (byte == 9) letter = 116;
  else if (byte == 8) letter = 98;
  else if (byte == 12) letter = 102;
  if (letter) {
    store<u8>(o, <u8>letter, 1);
    return o + 2;
  }
  return writeUnicodeEscape(byte, o);
}

function writeUnicodeEscape(unit: u32, o: u32): u32 {
  store<u16>(o, 0x755c);
  for (let i: u32 = 0; i < 4; i++) {
    const digit = (unit >> (12 - 4 * i)) & 15;
    store<u8>(o + 2 + i, <u8>(digit < 10 ? digit + 48 : digit + 87));
  }
  return o + 6;
}

/** Text to the inside of a JSON string. With `doubled`, every quote of the text is there twice. */
export function textToJson(start: u32, end: u32, doubled: bool, quote: u32, o: u32): u32 {
  const quotes = i8x16.splat(34);
  const backslashes = i8x16.splat(92);
  const space = i8x16.splat(32);
  const doubles = i8x16.splat(<i8>quote);
  let p = start;
  while (p < end) {
    const bytes = v128.load(p);
    v128.store(o, bytes);
    let special = v128.or(
      v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)),
      i8x16.lt_u(bytes, space),
    );
    if (doubled) special = v128.or(special, i8x16.eq(bytes, doubles));
    const found = i8x16.bitmask(special);
    const run: u32 = found ? ctz(found) : 16;
    if (p + run >= end) return o + (end - p);
    p += run;
    o += run;
    if (!found) continue;
    const byte: u32 = load<u8>(p++);
    if (doubled && byte == quote) p++;
    if (byte == 34 || byte == 92 || byte < 32) o = writeEscape(byte, o);
    else store<u8>(o++, <u8>byte);
  }
  return o;
}

/**
 * The inside of a JSON string to its one spelling, or, with `bare`, to the text it stands for.
 * Gives 0 for half of a surrogate pair that cannot be bare.
 */
export function unescapeJson(start: u32, end: u32, bare: bool, o: u32): u32 {
  const backslashes = i8x16.splat(92);
  let p = start;
  while (p < end) {
    const bytes = v128.load(p);
    v128.store(o, bytes);
    const found = i8x16.bitmask(i8x16.eq(bytes, backslashes));
    const run: u32 = found ? ctz(found) : 16;
    if (p + run >= end) return o + (end - p);
    p += run;
    o += run;
    if (!found) continue;
    const letter: u32 = load<u8>(p, 1);
    if (letter != 117) {
      p += 2;
      o = writeUnit(unescaped(letter), bare, o);
      continue;
    }
    let unit = hexUnit(p + 2);
    p += 6;
    if ((unit & 0xf800) == 0xd800) {
      const isPair = (unit & 0xfc00) == 0xd800 && p + 6 <= end && load<u16>(p) == 0x755c;
      const low: u32 = isPair ? hexUnit(p + 2) : 0;
      if ((low & 0xfc00) == 0xdc00) {
        unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
        p += 6;
      } else if (bare) return 0;
    }
    o = writeUnit(unit, bare, o);
  }
  return o;
}

function unescaped(letter: u32): u32 {
  if (letter == 110) return 10;
  if (letter == 116) return 9;
  if (letter == 114) return 13;
  if (letter == 98) return 8;
  return letter == 102 ? 12 : letter;
}

function hexUnit(p: u32): u32 {
  return (
    (hexDigit(load<u8>(p)) << 12) |
    (hexDigit(load<u8>(p, 1)) << 8) |
    (hexDigit(load<u8>(p, 2)) << 4) |
    hexDigit(load<u8>(p, 3))
  );
}

/** A character, or half of a surrogate pair as an escape. */
function writeUnit(unit: u32, bare: bool, o: u32): u32 {
  if (!bare && (unit < 32 || unit == 34 || unit == 92)) return writeEscape(unit, o);
  if (unit < 0x80) {
    store<u8>(o, <u8>unit);
    return o + 1;
  }
  if (unit < 0x800) {
    store<u8>(o, <u8>(0xc0 | (unit >> 6)));
    store<u8>(o, <u8>(0x80 | (unit & 63)), 1);
    return o + 2;
  }
  if (unit < 0x10000) {
    if ((unit & 0xf800) == 0xd800) return writeUnicodeEscape(unit, o);
    store<u8>(o, <u8>(0xe0 | (unit >> 12)));
    store<u8>(o, <u8>(0x80 | ((unit >> 6) & 63)), 1);
    store<u8>(o, <u8>(0x80 | (unit & 63)), 2);
    return o + 3;
  }
  store<u8>(o, <u8>(0xf0 | (unit >> 18)));
  store<u8>(o, <u8>(0x80 | ((unit >> 12) & 63)), 1);
  store<u8>(o, <u8>(0x80 | ((unit >> 6) & 63)), 2);
  store<u8>(o, <u8>(0x80 | (unit & 63)), 3);
  return o + 4;
}

/** A list or an object in JSON to its one spelling: no space, strings as JSON.stringify spells them. */
export function tightenJson(start: u32, end: u32, o: u32): u32 {
  let p = start;
  while (p < end) {
    const byte: u32 = load<u8>(p);
    if (byte == 34) {
      const stringStart = ++p;
      while (load<u8>(p) != 34) p += load<u8>(p) == 92 ? 2 : 1;
      store<u8>(o, 34);
      o = unescapeJson(stringStart, p, false, o + 1);
      store<u8>(o++, 34);
    } else if (byte > 32) store<u8>(o++, <u8>byte);
    p++;
  }
  return o;
}

/** Text in which every quote is there twice to the text it stands for. */
export function undoubled(start: u32, end: u32, quote: u32, o: u32): u32 {
  for (let p = start; p < end; p++) {
    const byte: u32 = load<u8>(p);
    store<u8>(o++, <u8>byte);
    if (byte == quote) p++;
  }
  return o;
}
