// The shortest digits that give a double back, the nearest to it of these: what JavaScript writes. By the algorithm
// "Schubfach" (Raffaele Giulietti, "The Schubfach way to render doubles", 2021), for doubles of usual sizes.

/** What shortestDigits has found: the double is SHORTEST × 10^EXPONENT, and SHORTEST does not end with 0. */
export let shortest: u64 = 0;
export let exponent: i32 = 0;

/** Smaller doubles than the first and larger ones than the second are written with an exponent. */
export const least: f64 = 1e-6;
export const most: f64 = 1e21;

const firstPower: i32 = -6;
/** 128 bits of powers of ten from 10^-6 to 10^24, rounded up; the higher half first. */
const powers: usize = memory.data<u64>([
  0x8637bd05af6c69b5, 0xa63f9a49c2c1b110, 0xa7c5ac471b478423, 0x0fcf80dc33721d54, 0xd1b71758e219652b,
  0xd3c36113404ea4a9, 0x83126e978d4fdf3b, 0x645a1cac083126ea, 0xa3d70a3d70a3d70a, 0x3d70a3d70a3d70a4,
  0xcccccccccccccccc, 0xcccccccccccccccd, 0x8000000000000000, 0x0000000000000000, 0xa000000000000000,
  0x0000000000000000, 0xc800000000000000, 0x0000000000000000, 0xfa00000000000000, 0x0000000000000000,
  0x9c40000000000000, 0x0000000000000000, 0xc350000000000000, 0x0000000000000000, 0xf424000000000000,
  0x0000000000000000, 0x9896800000000000, 0x0000000000000000, 0xbebc200000000000, 0x0000000000000000,
  0xee6b280000000000, 0x0000000000000000, 0x9502f90000000000, 0x0000000000000000, 0xba43b74000000000,
  0x0000000000000000, 0xe8d4a51000000000, 0x0000000000000000, 0x9184e72a00000000, 0x0000000000000000,
  0xb5e620f480000000, 0x0000000000000000, 0xe35fa931a0000000, 0x0000000000000000, 0x8e1bc9bf04000000,
  0x0000000000000000, 0xb1a2bc2ec5000000, 0x0000000000000000, 0xde0b6b3a76400000, 0x0000000000000000,
  0x8ac7230489e80000, 0x0000000000000000, 0xad78ebc5ac620000, 0x0000000000000000, 0xd8d726b7177a8000,
  0x0000000000000000, 0x878678326eac9000, 0x0000000000000000, 0xa968163f0a57b400, 0x0000000000000000,
  0xd3c21bcecceda100, 0x0000000000000000,
]);

/** The upper half of a product of 128 bits. */
function mulHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (other >> 32);
}

/** A product with a power of ten, its last bit set where it is not exact. */
function roundToOdd(high: u64, low: u64, factor: u64): u64 {
  const carried = low ? mulHigh(low, factor) : 0;
  const lower = high * factor + carried;
  const upper = mulHigh(high, factor) + <u64>(lower < carried);
  return upper | <u64>(lower > 1);
}

/** Finds the digits of a double from `least` on and below `most`, which are to be found in SHORTEST and EXPONENT. */
export function shortestDigits(value: f64): void {
  const bits = reinterpret<u64>(value);
  const fraction = bits & 0xf_ffff_ffff_ffff;
  const significand = fraction | 0x10_0000_0000_0000;
  const q = <i32>((bits >> 52) & 0x7ff) - 1075;
  if (q <= 0 && q > -53 && !(significand & (((<u64>1) << (<u64>-q)) - 1))) {
    return found(significand >> <u64>-q, 0);
  }
  // A double between two powers of two is as far from its lower neighbour as from its upper one.
  const isUneven = <u64>(fraction == 0);
  const odd = significand & 1;
  const k = (q * 1262611 - (isUneven ? 524031 : 0)) >> 22;
  const shift = <u64>(q + ((-k * 1741647) >> 19) + 1);
  const power = powers + ((-k - firstPower) << 4);
  const high = load<u64>(power);
  const low = load<u64>(power, 8);
  const four = significand << 2;
  // Four times the double and the ends of what rounds to it, by the power of ten.
  const lower = roundToOdd(high, low, (four - 2 + isUneven) << shift) + odd;
  const middle = roundToOdd(high, low, four << shift);
  const upper = roundToOdd(high, low, (four + 2) << shift) - odd;
  const whole = middle >> 2;
  if (whole >= 10) {
    const short = whole / 10;
    const isBelow = lower <= short * 40;
    const isAbove = short * 40 + 40 <= upper;
    if (isBelow != isAbove) return found(short + <u64>isAbove, k + 1);
  }
  const isBelow = lower <= whole << 2;
  const isAbove = (whole << 2) + 4 <= upper;
  if (isBelow != isAbove) return found(whole + <u64>isAbove, k);
  const half = (whole << 2) + 2;
  return found(whole + <u64>(middle > half || (middle == half && (whole & 1) != 0)), k);
}

function found(value: u64, power: i32): void {
  while (value % 10 == 0) {
    value /= 10;
    power++;
  }
  shortest = value;
  exponent = power;
}
