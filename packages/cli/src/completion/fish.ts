import type { CommandWords } from './model.ts';

/** One `complete` line for each thing that can be said. */
export function fishScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const lines = commands.flatMap(({ name, description, options, operands }) => {
    const here = `complete -c x -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c x -f -n 'not __fish_seen_subcommand_from ${names}' -a ${name} -d ${quoted(description)}`,
      ...(Array.isArray(operands) ? [`${here} -f -a '${operands.join(' ')}'`] : []),
      ...(operands === 'none' ? [`${here} -f`] : []),
      ...options.map(({ short, long, description: about, values }) => {
        const spelling = `${short === undefined ? '' : ` -s ${short}`} -l ${long}`;
        return `${here}${spelling}${valueOf(values)} -d ${quoted(about)}`;
      }),
    ];
  });
  return `# Completion of x for fish. To have it in every shell:
#   x completion fish > ~/.config/fish/completions/x.fish
${lines.join('\n')}
`;
}

function valueOf(values: readonly string[] | 'text' | 'files' | undefined): string {
  if (values === undefined) return '';
  if (values === 'files') return ' -r -F';
  return values === 'text' ? ' -x' : ` -x -a '${values.join(' ')}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
