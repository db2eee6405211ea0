import type { CommandWords, OptionWords } from './model.ts';

/** For `_arguments` and `_describe` of zsh's own completion system. */
export function zshScript(commands: readonly CommandWords[]): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options, operands }) => {
    const specs = [...options.map(optionSpec), ...operandSpec(operands)];
    return `    ${name}) _arguments -s \\\n${specs.map((spec) => `      ${spec}`).join(' \\\n')} ;;`;
  });
  return `#compdef x
# Completion of x for zsh. To have it in every shell, into a folder of $fpath:
#   x completion zsh > ~/.zfunc/_x
_x() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _x ]]; then _x "$@"; else compdef _x x; fi
`;
}

function optionSpec({ short, long, description, values }: OptionWords): string {
  const text = `[${description.replaceAll(/[[\]\\:]/g, '\\$&')}]`;
  const action = values === undefined ? '' : `:${long}:${actionOf(values)}`;
  const name = short === undefined ? quoted(`*--${long}`) : `'*'{-${short},--${long}}`;
  return `${name}${quoted(`${text}${action}`)}`;
}

function operandSpec(operands: CommandWords['operands']): string[] {
  return operands === 'none'
    ? []
    : [quoted(`*:${operands === 'files' ? 'file' : 'what'}:${actionOf(operands)}`)];
}

function actionOf(values: readonly string[] | 'text' | 'files'): string {
  if (values === 'text') return ' ';
  return values === 'files' ? '_files' : `(${values.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
