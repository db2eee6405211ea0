// Steps over the parts of JSON (RFC 8259), strictly. Every function takes the place where its part
// begins and gives the place just after it, or 0 where the part is not valid. The bytes end in
// zeros, which are valid nowhere, so nothing here looks for the end.

const stack = memory.data(1024);

/** Set when a part is not spelled in the one way that the writers use. */
let loose: bool = false;

export function clearLoose(): void {
  loose = false;
}

export function isLoose(): bool {
  return loose;
}

export function skipSpace(p: u32, newlines: bool): u32 {
  let byte: u32 = load<u8>(p);
  if (byte > 32) return p;
  while (byte == 32 || byte == 9 || byte == 13 || (byte == 10 && newlines)) byte = load<u8>(++p);
  return p;
}

/** `p` is after the opening quote, the result at the closing one. */
export function skipString(p: u32): u32 {
  const quotes = i8x16.splat(34);
  const backslashes = i8x16.splat(92);
  const space = i8x16.splat(32);
  while (true) {
    const bytes = v128.load(p);
    const found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.lt_u(bytes, space)),
    );
    if (!found) {
      p += 16;
      continue;
    }
    p += ctz(found);
    const byte: u32 = load<u8>(p);
    if (byte == 34) return p;
    if (byte != 92) return 0;
    loose = true;
    p = skipEscape(p);
    if (!p) return 0;
  }
}

function skipEscape(p: u32): u32 {
  const byte: u32 = load<u8>(p, 1);
  if (byte == 117) {
    for (let i: u32 = 2; i < 6; i++) if (hexDigit(load<u8>(p + i)) > 15) return 0;
    return p + 6;
  }
  const known =
    byte == 34 ||
    byte == 92 ||
    byte == 47 ||
    byte == 98 ||
    byte == 102 ||
    byte == 110 ||
    byte == 114 ||
    byte == 116;
  return known ? p + 2 : 0;
}

/** The digit's value, or more than 15. */
export function hexDigit(byte: u32): u32 {
  const digit = byte - 48;
  if (digit < 10) return digit;
  const letter = (byte | 32) - 97;
  return letter < 6 ? letter + 10 : 16;
}

function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

export function skipNumber(p: u32): u32 {
  let byte: u32 = load<u8>(p);
  if (byte == 45) byte = load<u8>(++p);
  if (!isDigit(byte)) return 0;
  const first = byte;
  byte = load<u8>(++p);
  if (first != 48) while (isDigit(byte)) byte = load<u8>(++p);
  if (byte == 46) {
    byte = load<u8>(++p);
    if (!isDigit(byte)) return 0;
    while (isDigit(byte)) byte = load<u8>(++p);
  }
  if ((byte | 32) == 101) {
    byte = load<u8>(++p);
    if (byte == 43 || byte == 45) byte = load<u8>(++p);
    if (!isDigit(byte)) return 0;
    while (isDigit(byte)) byte = load<u8>(++p);
  }
  return p;
}

/** A number, true, false or null. */
export function skipScalar(p: u32): u32 {
  const byte: u32 = load<u8>(p);
  if (byte == 116) return load<u32>(p) == 0x65757274 ? p + 4 : 0;
  if (byte == 102) return load<u32>(p, 1) == 0x65736c61 ? p + 5 : 0;
  if (byte == 110) return load<u32>(p) == 0x6c6c756e ? p + 4 : 0;
  return skipNumber(p);
}

/** A list or an object, up to `maxDepth` levels inside each other (at most 1024). */
export function skipNested(p: u32, newlines: bool, maxDepth: u32): u32 {
  let depth: u32 = 0;
  let begins = true; // a list or an object begins at p, rather than a value ends before it
  while (true) {
    const byte: u32 = load<u8>(p);
    if (begins) {
      if (depth == maxDepth) return 0;
      store<u8>(stack + depth++, <u8>byte);
      const next = skipLooseSpace(p + 1, newlines);
      if (load<u8>(next) == byte + 2) {
        // '{' + 2 is '}', and '[' + 2 is ']'.
        p = next + 1;
        if (!--depth) return p;
        begins = false;
        continue;
      }
      p = next;
    } else {
      p = skipLooseSpace(p, newlines);
      const after: u32 = load<u8>(p++);
      if (after == <u32>load<u8>(stack + depth - 1) + 2) {
        if (!--depth) return p;
        continue;
      }
      if (after != 44) return 0;
      p = skipLooseSpace(p, newlines);
    }
    if (load<u8>(stack + depth - 1) == 123) {
      if (load<u8>(p) != 34) return 0;
      p = skipString(p + 1);
      if (!p) return 0;
      p = skipLooseSpace(p + 1, newlines);
      if (load<u8>(p) != 58) return 0;
      p = skipLooseSpace(p + 1, newlines);
    }
    const value: u32 = load<u8>(p);
    begins = value == 123 || value == 91;
    if (begins) continue;
    if (value == 34) {
      p = skipString(p + 1);
      if (!p) return 0;
      p++;
    } else {
      p = skipScalar(p);
      if (!p) return 0;
    }
  }
}

function skipLooseSpace(p: u32, newlines: bool): u32 {
  const after = skipSpace(p, newlines);
  if (after != p) loose = true;
  return after;
}
