import { BadUsage } from '../failure/bad-usage.ts';

/**
 * `a,b` to two values; `"a,b"` to one, as in CSV, so that every column name can be said. An empty
 * text is one empty value.
 */
export function listOf(text: string, option: string): string[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^,"]*))(,|$)/y;
  const values: string[] = [];
  for (;;) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (!found) {
      const hint = `quote the whole value, as in ${option} '"last, first",id'`;
      throw new BadUsage(
        `${option} ${text}: a quote is not closed, or not around the whole value (character ${at + 1})`,
        hint,
      );
    }
    values.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return values;
  }
}

/** `old=new` pairs, in order; a name with `=` or `,` in it is put in quotes. */
export function pairsOf(texts: readonly string[], option: string): [string, string][] {
  return texts.map((text) => {
    const found = /^(?:"((?:[^"]|"")*)"|([^="]+))=(.*)$/s.exec(text);
    if (!found) throw new BadUsage(`${option} ${text}: that is not name=value`, `as in ${option} id=number`);
    return [found[1]?.replaceAll('""', '"') ?? found[2]!, unquoted(found[3]!)];
  });
}

function unquoted(text: string): string {
  const found = /^"((?:[^"]|"")*)"$/s.exec(text);
  return found ? found[1]!.replaceAll('""', '"') : text;
}

/**
 * The value of a format's option: `true`, `false` and numbers are what they look like, text in
 * double quotes is text in any case, `\t` is a tab.
 */
export function optionValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return unescaped(unquoted(text));
}

/** `\t`, `\n`, `\r` and `\\`, which are hard to type in a shell. */
export function unescaped(text: string): string {
  const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return text.replaceAll(/\\([tnr\\])/g, (_, letter: string) => escapes[letter]!);
}

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** Bytes: `64MB`, `1.5GB`. */
export function bytes(text: string, option: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(B|[kMGT]B)$/.exec(text) ?? [];
  if (digits === undefined) throw new BadUsage(`${option} ${text}: that is no size`, 'as in 800MB or 2GB');
  return Math.round(Number(digits) * units[unit!]!);
}

/** A whole number from `least` on. */
export function wholeNumber(text: string, option: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new BadUsage(`${option} ${text}: a whole number from ${least} on is expected`);
}
