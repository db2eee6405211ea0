import { Argument, Command } from 'commander';

import { print } from '../output/print.ts';
import type { Cli } from './cli.ts';

const examples = `
Examples:
  source <(x completion bash)                          try it in this shell
  x completion bash > ~/.local/share/bash-completion/completions/x
  x completion zsh > ~/.zfunc/_x                       a folder of $fpath
  x completion fish > ~/.config/fish/completions/x.fish`;

/** @param root The command line that is to be completed. */
export function completionCommand({ terminal }: Cli, root: Command): Command {
  return new Command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell to print it for').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', examples)
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const [{ listCodecs, listFormats }, { commandWords }] = await Promise.all([
        import('@x/convert'),
        import('../completion/model.ts'),
      ]);
      const words = commandWords(root, {
        formats: listFormats().map(({ name }) => name),
        codecs: listCodecs().map(({ name }) => (name === 'identity' ? 'none' : name)),
      });
      const script = {
        bash: async () => (await import('../completion/bash.ts')).bashScript(words),
        zsh: async () => (await import('../completion/zsh.ts')).zshScript(words),
        fish: async () => (await import('../completion/fish.ts')).fishScript(words),
      };
      await print(terminal.stdout, await script[shell]());
    });
}
