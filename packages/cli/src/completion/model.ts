import type { Command } from 'commander';

/** What a shell needs to know of a command. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** What its operands are: one of these words, or files where there are none. */
  readonly operands: readonly string[] | 'files' | 'none';
}

export interface OptionWords {
  /** Without the dash. */
  readonly short: string | undefined;
  /** Without the dashes. */
  readonly long: string;
  readonly description: string;
  /** The values it takes: one of these words, any text or a file; undefined for a mere switch. */
  readonly values: readonly string[] | 'text' | 'files' | undefined;
}

const fileOptions = new Set(['--rejects', '--out', '--manifest']);
const formatOptions = new Set(['--from', '--to']);
const codecOptions = new Set(['--from-codec', '--to-codec']);

/** Reads the command line's own definition, so that the completion cannot fall behind it. */
export function commandWords(
  root: Command,
  names: { readonly formats: readonly string[]; readonly codecs: readonly string[] },
): CommandWords[] {
  const valuesOf = (option: Command['options'][number]): OptionWords['values'] => {
    if (option.argChoices) return option.argChoices;
    if (formatOptions.has(option.long!)) return names.formats;
    if (codecOptions.has(option.long!)) return names.codecs;
    if (fileOptions.has(option.long!)) return 'files';
    return option.required ? 'text' : undefined;
  };
  const commands = root.commands.map((command): CommandWords => {
    const [first] = command.registeredArguments;
    return {
      name: command.name(),
      description: command.description(),
      options: [...command.options, { long: '--help', short: '-h', description: 'show this help' }].map(
        (option): OptionWords => ({
          short: option.short?.slice(1),
          long: option.long!.slice(2),
          description: option.description,
          values: 'argChoices' in option || 'required' in option ? valuesOf(option) : undefined,
        }),
      ),
      operands: first ? (first.argChoices ?? 'files') : 'none',
    };
  });
  const called = commands.map(({ name }) => name);
  const isHelp = ({ name }: CommandWords): boolean => name === 'help';
  const help = commands.find(isHelp)!;
  return [...commands.filter((command) => !isHelp(command)), { ...help, operands: called }];
}
