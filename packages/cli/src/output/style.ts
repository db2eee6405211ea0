type Look = (text: string) => string;

/** Text that stands out on a terminal, and is plain everywhere else. */
export interface Style {
  readonly bold: Look;
  readonly dim: Look;
  readonly red: Look;
  readonly green: Look;
  readonly yellow: Look;
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

const plainly: Look = (text) => text;

export const plain: Style = { bold: plainly, dim: plainly, red: plainly, green: plainly, yellow: plainly };

const coloured = Object.fromEntries(
  Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => `\x1b[${on}m${text}\x1b[${off}m`,
  ]),
) as unknown as Style;

/**
 * Colour where somebody can see it: on a terminal that is not `dumb`, unless `--no-color` or the
 * variable `NO_COLOR` (https://no-color.org) is given. `FORCE_COLOR` asks for it elsewhere too.
 */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv,
  wanted: boolean,
): Style {
  const { NO_COLOR = '', FORCE_COLOR = '0', TERM } = env;
  if (!wanted || NO_COLOR !== '') return plain;
  if (FORCE_COLOR !== '0') return coloured;
  return stream.isTTY === true && TERM !== 'dumb' ? coloured : plain;
}
