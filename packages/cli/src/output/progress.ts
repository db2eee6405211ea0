import { clock, count, counted, size } from './quantity.ts';
import type { Style } from './style.ts';
import { fitted, visible, width } from './visible-text.ts';

/** How far a run is, as much of it as is known. */
export interface Position {
  /** Undefined where none are read. */
  readonly rowsRead: number | undefined;
  readonly bytesRead: number;
  readonly bytesTotal: number | undefined;
  /** 0 to 100, where it is not just that of the bytes read: some files are done without being read whole. */
  readonly percent?: number | undefined;
  readonly elapsedMs: number;
  /** Where there are many files. */
  readonly filesDone?: number;
  readonly filesTotal?: number;
  /** What a file is. Default: `file`. */
  readonly noun?: string;
  /** While it is not known yet which files there are: how many have been found. */
  readonly filesFound?: number;
}

/** Before anything is read: files are being looked for. */
export const looking = (filesFound: number): Position => ({
  rowsRead: 0,
  bytesRead: 0,
  bytesTotal: undefined,
  elapsedMs: 0,
  filesFound,
});

export interface ProgressDisplay {
  update(position: Position): void;
  /** Leaves the screen as if the bar had never been there. Must be called before anything else is said. */
  clear(): void;
}

export const silentProgress: ProgressDisplay = { update: () => {}, clear: () => {} };

type Screen = Pick<NodeJS.WriteStream, 'write' | 'columns'>;

/** A run shorter than this, in milliseconds, shows no bar, since it would only flicker. */
const patience = 250;
/** The clock ticks also while nothing arrives. */
const redrawInterval = 200;

/**
 * Columns at the right that stay free: a terminal shows `^C` there, and if that had no room it would
 * wrap, and leave the bar behind on the line above.
 */
const keptFree = 3;

/** A line on a terminal that is redrawn in place: bar, percent, bytes, rows, rate, time left. */
export function progressBar(subject: string, screen: Screen, style: Style): ProgressDisplay {
  const startedAt = performance.now();
  let last: Position | undefined;
  let drawn = false;
  const draw = (): void => {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs < patience) return;
    const position = { rowsRead: 0, bytesRead: 0, bytesTotal: undefined, ...last, elapsedMs };
    screen.write(`\r${barLine(subject, position, style, (screen.columns || 80) - keptFree)}\x1b[K`);
    drawn = true;
  };
  const timer = setInterval(draw, redrawInterval);
  timer.unref();
  return {
    update: (position) => {
      last = position;
      draw();
    },
    clear: () => {
      clearInterval(timer);
      if (drawn) screen.write('\r\x1b[K');
      drawn = false;
    },
  };
}

/**
 * One line of the bar. Where there is little room, first the bar gives way, then the name, and then
 * of the facts those that can be missed most.
 */
export function barLine(subject: string, position: Position, style: Style, columns: number): string {
  const { rowsRead, bytesRead, bytesTotal, elapsedMs, filesFound } = position;
  if (filesFound !== undefined) {
    const time = clock(Math.floor(elapsedMs / 1000));
    return fitted(`${visible(subject)}  looking for files: ${count(filesFound)} found  ${time}`, columns);
  }
  const share = shareOf(position);
  const rate = elapsedMs === 0 ? 0 : (bytesRead / elapsedMs) * 1000;
  const left = share === undefined || rate === 0 ? undefined : (bytesTotal! * (1 - share)) / rate;
  const files = filesOf(position);
  const percent = share === undefined ? undefined : `${String(Math.floor(share * 100)).padStart(3)}%`;
  const bytes = bytesTotal === undefined ? size(bytesRead) : `${size(bytesRead)} of ${size(bytesTotal)}`;
  const time =
    left === undefined ? clock(Math.floor(elapsedMs / 1000)) : `${clock(Math.ceil(Math.max(0, left)))} left`;
  const [rows, speed] = [rowsRead === undefined ? undefined : counted(rowsRead, 'row'), `${size(rate)}/s`];
  const choices = [
    [files, percent, bytes, rows, speed, time],
    [files, percent, bytes, speed, time],
    [files, percent, bytes, time],
    [percent, time],
  ].map((some) => some.filter((fact) => fact !== undefined).join('  '));
  const facts = choices.find((one) => width(one) <= columns) ?? choices.at(-1)!;
  const room = columns - width(facts) - 2;
  const name = visible(subject);
  const nameWidth = Math.min(width(name), Math.max(12, room - 22));
  if (room < nameWidth) return fitted(facts, columns);
  const barWidth = share === undefined ? 0 : Math.min(30, room - nameWidth - 2);
  const bar = barWidth < 6 ? '' : `${barOf(share!, barWidth, style)}  `;
  return `${fitted(name, nameWidth)}  ${bar}${facts}`;
}

/** From 0 to 1; undefined where the total is not known, or nothing. */
function shareOf({ percent, bytesRead, bytesTotal }: Position): number | undefined {
  if (bytesTotal === undefined || bytesTotal === 0) return undefined;
  return Math.min(1, percent === undefined ? bytesRead / bytesTotal : percent / 100);
}

function filesOf({ filesDone, filesTotal = 0, noun = 'file' }: Position): string | undefined {
  return filesDone === undefined ? undefined : `${count(filesDone)} of ${counted(filesTotal, noun)}`;
}

function barOf(share: number, columns: number, style: Style): string {
  const full = Math.floor(share * columns);
  return `${style.green('━'.repeat(full))}${style.dim('─'.repeat(columns - full))}`;
}

/** Milliseconds between two lines where there is no terminal: enough for a log, silent in a short run. */
const lineInterval = 10_000;

/** Plain lines, for logs: one now and then, nothing to clean up. */
export function progressLines(
  subject: string,
  log: { write(text: string): unknown },
  interval = lineInterval,
): ProgressDisplay {
  let next = interval;
  return {
    update: (position) => {
      const { rowsRead, bytesRead, elapsedMs } = position;
      // While files are looked for it is 0, and nothing is said.
      if (elapsedMs < next) return;
      next = elapsedMs + interval;
      const share = shareOf(position);
      const facts = [
        filesOf(position),
        rowsRead === undefined ? undefined : `${count(rowsRead)} rows`,
        `${size(bytesRead)}${share === undefined ? '' : ` (${Math.floor(share * 100)}%)`}`,
      ];
      log.write(`${visible(subject)}: ${facts.filter((fact) => fact !== undefined).join(', ')} so far\n`);
    },
    clear: () => {},
  };
}
