import type { CommandWords } from './model.ts';

/** Words that are offered; where none fits, bash itself offers files. */
export function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ short, long, values: offered }) => {
      if (offered === undefined) return [];
      const patterns = [`${name}:--${long}`, ...(short === undefined ? [] : [`${name}:-${short}`])].join('|');
      return [`    ${patterns}) words='${Array.isArray(offered) ? offered.join(' ') : ''}' ;;`];
    }),
  );
  const operands = commands.map(({ name, options, operands: offered }) => {
    const flags = options.map(({ long }) => `--${long}`).join(' ');
    return `    ${name}:*) [[ $word == -* ]] && words='${flags}' || words='${Array.isArray(offered) ? offered.join(' ') : ''}' ;;`;
  });
  return `# Completion of x for bash. To have it in every shell:
#   x completion bash > ~/.local/share/bash-completion/completions/x
# To try it: source <(x completion bash)
_x() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then command=\${COMP_WORDS[i]}; break; fi
  done
  case $command:$before in
${values.join('\n')}
    :*) words='${names} --help --version' ;;
${operands.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -o bashdefault -F _x x
`;
}
