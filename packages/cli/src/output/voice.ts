import type { Terminal } from '../terminal.ts';
import { type ProgressDisplay, progressBar, progressLines, silentProgress } from './progress.ts';
import { type Style, styleFor } from './style.ts';
import { visible } from './visible-text.ts';

export interface VoiceFlags {
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
}

/** How the command speaks: to people on stderr, to machines in JSON, to nobody. */
export interface Voice {
  /** One JSON object instead of text. */
  readonly json: boolean;
  readonly debug: boolean;
  /** For text that goes to stdout. */
  readonly outStyle: Style;
  /** For text that goes to stderr. */
  readonly style: Style;
  /** Width of the terminal that stdout is; undefined where it is none. */
  readonly width: number | undefined;
  /** A remark for people, on stderr; nothing with `--quiet` and `--json`. */
  say(line: string): void;
  /** Something that is not quite right, on stderr; nothing with `--quiet` and `--json`. */
  warn(warning: string): void;
  progress(subject: string): ProgressDisplay;
}

export function voiceOf(flags: VoiceFlags, terminal: Terminal): Voice {
  const { stdout, stderr, env } = terminal;
  const color = flags.color ?? true;
  const json = flags.json ?? false;
  const silent = json || (flags.quiet ?? false);
  const style = styleFor(stderr, env, color);
  const say = (line: string): void => {
    if (!silent) stderr.write(`${line}\n`);
  };
  return {
    json,
    debug: flags.debug ?? false,
    outStyle: styleFor(stdout, env, color),
    style,
    width: stdout.isTTY ? stdout.columns || 80 : undefined,
    say,
    warn: (warning) => say(`x: ${style.yellow('warning:')} ${visible(warning)}`),
    progress: (subject) => {
      if (silent) return silentProgress;
      return stderr.isTTY && env['TERM'] !== 'dumb'
        ? progressBar(subject, stderr, style)
        : progressLines(subject, stderr);
    },
  };
}

/**
 * What an error that comes before the options have been understood must know of them.
 *
 * @param words The arguments; what follows `--` are names.
 */
export function flagsIn(words: readonly string[]): VoiceFlags {
  const end = words.indexOf('--');
  const options = new Set(end < 0 ? words : words.slice(0, end));
  return { json: options.has('--json'), debug: options.has('--debug'), color: !options.has('--no-color') };
}
