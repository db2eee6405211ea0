import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { subjectScenario } from '../scenario.ts';
import { faults } from './faults.ts';
import { kill } from './kill.ts';
import { powerLoss } from './power-loss.ts';
import { race } from './races.ts';
import { randomCuts } from './random-cuts.ts';
import { type PartResult, type Skipped, isSkipped } from './result.ts';
import { fullDisk } from './system-faults.ts';

export interface PeerSettings {
  readonly width: number;
  readonly seed: number;
  readonly cuts: number;
  readonly rounds: number;
  /** Told of each result as it comes. */
  readonly onResult: (result: PartResult | Skipped) => void;
}

/** What people use to replace a file, with the package it comes from; `undefined` is Node itself. */
const peers: readonly { readonly subject: string; readonly package: string | undefined }[] = [
  { subject: 'atomic-fs writeFile', package: '@x/atomic-fs' },
  { subject: 'fs.writeFile', package: undefined },
  { subject: 'write-file-atomic', package: 'write-file-atomic' },
  { subject: 'atomically', package: 'atomically' },
  { subject: 'fast-write-atomic', package: 'fast-write-atomic' },
];

export interface PeerRow {
  readonly subject: string;
  readonly version: string;
  readonly results: readonly (PartResult | Skipped)[];
}

/** Every writer through the same examination, with its default options. */
export async function comparePeers(settings: PeerSettings): Promise<PeerRow[]> {
  const rows: PeerRow[] = [];
  for (const { subject, package: name } of peers) {
    // oxlint-disable-next-line no-await-in-loop -- one writer after the other, so that they disturb each other least
    const results = await examine(subject, settings);
    rows.push({ subject, version: await versionOf(name), results }); // oxlint-disable-line no-await-in-loop
  }
  return rows;
}

async function examine(subject: string, settings: PeerSettings): Promise<(PartResult | Skipped)[]> {
  const { width, seed, cuts, rounds } = settings;
  // Typed errors are a promise of ours alone; the peers are measured by what is on the disk.
  const { typedErrors: _typedErrors, ...scenario } = subjectScenario(subject);
  const withMode = subjectScenario(subject, { keepsMode: true });
  const examinations = [
    () => powerLoss(withMode, { seed, crossCheck: true }),
    () => faults(scenario, { width, seed, sample: false }),
    () => fullDisk(subject, {}),
    () => kill(scenario, { width }),
    () => race(subject, { crowd: 'processes', writers: 4, rounds }),
    () => race(subject, { crowd: 'namespaces', writers: 4, rounds }),
    () => randomCuts(subject, 'xfs', { cuts, seed }),
  ];
  const results: (PartResult | Skipped)[] = [];
  for (const examination of examinations) {
    // oxlint-disable-next-line no-await-in-loop -- each has the machine to itself
    const result = await examination();
    settings.onResult(result);
    results.push(result);
  }
  return results;
}

async function versionOf(name: string | undefined): Promise<string> {
  if (name === undefined) return `Node ${process.versions.node}`;
  const require = createRequire(import.meta.url);
  const path = require.resolve.paths(name)?.map((folder) => `${folder}/${name}/package.json`) ?? [];
  for (const candidate of path) {
    // oxlint-disable-next-line no-await-in-loop -- the first that exists
    const text = await readFile(candidate, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const manifest: { version: string } = JSON.parse(text);
    return manifest.version;
  }
  throw new Error(`${name} is not installed`);
}

interface Column {
  readonly title: string;
  readonly part: string;
  readonly show: (result: PartResult) => string;
}

const ofTried = (result: PartResult, count: number): string => `${count} of ${result.tried}`;

/** Violations, counted once for each thing that was tried and once only. */
const having = (result: PartResult, ...kinds: string[]): number =>
  new Set(
    result.violations
      .filter(({ kind }) => kinds.some((each) => kind.startsWith(each)))
      .map(({ detail }) => detail.split(':')[0]),
  ).size;

const counted = (result: PartResult, ...kinds: string[]): number =>
  result.violations.filter(({ kind }) => kinds.includes(kind)).length;

const columns: readonly Column[] = [
  {
    title: 'Power loss: states with a torn file',
    part: 'power loss',
    show: (result) => ofTried(result, counted(result, 'mixed', 'absent')),
  },
  {
    title: 'Power loss: a finished write can be gone',
    part: 'power loss',
    show: (result) => (counted(result, 'lost') > 0 ? 'yes' : 'no'),
  },
  {
    title: 'Power loss: the permissions of the file can be gone',
    part: 'power loss',
    show: (result) => (counted(result, 'mode') > 0 ? 'yes' : 'no'),
  },
  {
    title: 'A call fails: success is reported, or the target has changed',
    part: 'faults',
    show: (result) =>
      ofTried(result, having(result, 'false success', 'damaged', 'swallowed', 'crashed', 'hangs')),
  },
  {
    title: 'A call fails: temp left',
    part: 'faults',
    show: (result) => ofTried(result, having(result, 'leftover')),
  },
  {
    title: 'Full disk',
    part: 'full disk',
    show: (result) => {
      if (counted(result, 'swallowed') > 0) return 'success, torn file';
      return result.violations.length > 0 ? 'error, torn file' : 'error, old file';
    },
  },
  {
    title: 'SIGKILL: torn file',
    part: 'kill',
    show: (result) => ofTried(result, having(result, 'mixed', 'absent')),
  },
  {
    title: 'SIGKILL: temp left after the next run',
    part: 'kill',
    show: (result) => ofTried(result, having(result, 'leftover')),
  },
  {
    title: '4 processes: torn reads',
    part: 'race of processes',
    show: (result) => ofTried(result, counted(result, 'torn', 'absent')),
  },
  {
    title: '4 containers, same pid: torn reads, failed writes',
    part: 'race of namespaces',
    show: (result) => `${ofTried(result, counted(result, 'torn', 'absent'))}, ${counted(result, 'failed')}`,
  },
  {
    title: 'Power cuts on XFS: torn or lost',
    part: 'xfs image, random cuts',
    show: (result) => ofTried(result, result.violations.length),
  },
];

/** The comparison as a Markdown table, one writer a column. */
export function peerTable(rows: readonly PeerRow[]): string {
  const head = ['', ...rows.map(({ subject, version }) => `${subject} (${version})`)];
  const body = columns.map(({ title, part, show }) => {
    const cells = rows.map(({ results }) => {
      const result = results.find((each) => each.part === part);
      return result === undefined || isSkipped(result) ? '–' : show(result);
    });
    return line([title].concat(cells));
  });
  return [line(head), line(head.map(() => '---')), ...body].join('\n');
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
