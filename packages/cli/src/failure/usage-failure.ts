import type { Command } from 'commander';

export interface UsageFailure {
  readonly code: 'BAD_USAGE';
  readonly problem: string;
  /** The command that was called, as `x convert <in> <out>`. */
  readonly usage: string;
  readonly hint: string;
}

/** @param text What the parser says: `error: …`, with `(Did you mean …?)` on a line of its own. */
export function usageFailure(text: string, command: Command): UsageFailure {
  const [first = '', ...rest] = text.trim().split('\n');
  const near = /\(Did you mean (.*)\?\)/.exec(rest.join(' '))?.[1];
  const name = command.parent ? `x ${command.name()}` : 'x';
  const more = `${name} --help shows all that is possible`;
  const options = command.options.length === 0 ? '' : ' [options]';
  const operands = command.registeredArguments.map((argument) => {
    const operand = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return argument.required ? `<${operand}>` : `[${operand}]`;
  });
  return {
    code: 'BAD_USAGE',
    problem: first.replace(/^error: /, ''),
    usage: `${[name, ...(command.parent ? operands : ['<command>'])].join(' ')}${options}`,
    hint: near === undefined ? more : `did you mean ${near}? ${more}`,
  };
}

export function usageText({ problem, usage, hint }: UsageFailure): string {
  return `x: ${problem}\n  usage: ${usage}\n  ${hint}\n`;
}
