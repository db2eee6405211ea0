/**
 * Where the files of a run lie, all of them on the file system of the outputs:
 *
 *     <out>/.xrun/claim-000007           whoever made it may open run number 7
 *     <out>/.xrun/run-000007-TOKEN/
 *       run.json          what is converted into what, and with which options
 *       plan.ndjson       a line for each file
 *       plan.index        how many files a range has and the plan, and the byte offset of each range
 *       tmp/00012/        attempts, each under a name of its own that begins with its file's key
 *       done/00012/KEY    the attempt that won: a hard link to it
 *       results/00012/    what attempts say of themselves, in a file for each range and worker
 *       failed/00012/KEY  inputs that were set aside, with their error
 *       finished          the sums of a run that has ended: its manifest has been published
 *     <out>/.xrun/draft-000008-TOKEN/    a run that is being opened
 *     <out>/.xrun/revoked-000006-TOKEN/
 *     <out>/_SUCCESS      the manifest, published last
 */
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/** Files whose marks share a folder. */
export const folderFiles = 100;

export const runsFolder = '.xrun';

/** Where a dataset that is not there yet is put together: the folder of the outputs of its run, until it is published. */
export const stagingOf = (dataset: string): string => join(dirname(dataset), `.${basename(dataset)}.parts`);

const spelled = (number: number): string => String(number).padStart(6, '0');

export interface RunFolder {
  readonly path: string;
  readonly number: number;
  /** The folder of the outputs. */
  readonly out: string;
}

/** A run's folder. The token keeps two of one number apart, so that no worker finds another run at its path. */
export const runFolder = (out: string, number: number, token: string): RunFolder => ({
  path: join(out, runsFolder, `run-${spelled(number)}-${token}`),
  number,
  out,
});

/** Where a run's folder is made, before it gets its name. */
export const draftPath = ({ path }: RunFolder): string =>
  join(dirname(path), basename(path).replace(/^run/, 'draft'));

export const revokedPath = ({ path }: RunFolder): string =>
  join(dirname(path), basename(path).replace(/^run/, 'revoked'));

export const claimPath = (out: string, number: number): string =>
  join(out, runsFolder, `claim-${spelled(number)}`);

/** What a name in the folder of the runs stands for, or undefined for what is not of a run. */
export function readName(
  out: string,
  name: string,
):
  | { readonly kind: 'claim' | 'draft' | 'run' | 'revoked'; readonly number: number; readonly path: string }
  | undefined {
  const found = /^(?:(claim)-(\d{6,})|(draft|run|revoked)-(\d{6,})-[0-9a-f]+)$/.exec(name);
  if (!found) return undefined;
  const kind = (found[1] ?? found[3]) as 'claim' | 'draft' | 'run' | 'revoked';
  return { kind, number: Number(found[2] ?? found[4]), path: join(out, runsFolder, name) };
}

/** The manifest of the newest run that has ended. */
export const successPath = (out: string): string => join(out, '_SUCCESS');

const part = (index: number): string => String(Math.floor(index / folderFiles)).padStart(5, '0');

const processToken = randomBytes(8).toString('hex');
let tokens = 0;

/** A part of a name that no other one has, in whatever process. */
export const uniqueToken = (): string => `${processToken}${(tokens++).toString(36)}`;

/** A file of the plan by its number, as it is spelled in names. */
export const keyOf = (index: number): string => String(index).padStart(8, '0');

export const pathsOf = ({ path, out }: RunFolder) => ({
  run: join(path, 'run.json'),
  plan: join(path, 'plan.ndjson'),
  planIndex: join(path, 'plan.index'),
  attempts: join(path, 'tmp'),
  attemptFolder: (index: number) => join(path, 'tmp', part(index)),
  /** Those that a run begins with. */
  folders: ['tmp', 'done', 'results', 'failed'].map((name) => join(path, name)),
  success: successPath(out),
  finished: join(path, 'finished'),
  doneFolder: (index: number) => join(path, 'done', part(index)),
  done: (index: number) => join(path, 'done', part(index), keyOf(index)),
  resultFolder: (index: number) => join(path, 'results', part(index)),
  failedFolder: (index: number) => join(path, 'failed', part(index)),
  failed: (index: number) => join(path, 'failed', part(index), keyOf(index)),
});
