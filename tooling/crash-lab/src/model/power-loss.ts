import { type Random, seededRandom } from '../random.ts';
import type { Tree } from '../sandbox.ts';
import { type Moment, type Trace, describeOperation, resolvedMark } from '../trace/operation.ts';
import { enumeratePicks } from './choices.ts';
import { Disk, resolve } from './disk.ts';
import type { EntryEffect, InodeId } from './effect.ts';
import { Replay } from './replay.ts';
import { type Variants, variantsOf } from './variants.ts';
import { type Breach, type Versions, breachOf, sightOf } from './verdict.ts';

/** A crash state that breaks the promise, with the shortest known way to it. */
export interface Finding {
  readonly breach: Breach;
  readonly path: string;
  /** Where the crash came. */
  readonly after: string;
  readonly lost: readonly string[];
  readonly size: number | undefined;
}

export interface PowerLossResult {
  /** Points of the trace at which a crash was supposed. */
  readonly points: number;
  /** Whole disks that were looked at, over all points: every way to lose effects, files that are not the target included. */
  readonly states: number;
  /** How many of them differ in what this is about: the names, the target's content and mode, resolved or not. */
  readonly distinct: number;
  /** False where some point had too many combinations and was sampled. */
  readonly exhaustive: boolean;
  /** States for each way of breaking the promise. */
  readonly breaches: Readonly<Record<Breach, number>>;
  /** One example for each. */
  readonly findings: readonly Finding[];
  readonly remarks: readonly string[];
}

export interface PowerLossOptions {
  /** Combinations tried for one file, or for one set of directory entries, at one point. Default 4096. */
  readonly limit?: number;
  readonly seed?: number;
}

/**
 * Every state in which a power cut during (or after) the trace may leave the targets.
 *
 * @param root the sandbox, as it is called in the trace
 * @param tree what it held at the start, all of it safely on the disk
 */
export function enumerateCrashes(
  trace: Trace,
  root: string,
  tree: Tree,
  targets: readonly Versions[],
  options: PowerLossOptions = {},
): PowerLossResult {
  const search = new Search(new Disk(root, tree), targets, options);
  search.cut('the start');
  for (const moment of trace.moments) {
    search.advance(moment);
    search.cut(describeMoment(moment));
  }
  return search.result();
}

function describeMoment(moment: Moment): string {
  if (moment.at === 'mark') return `the mark "${moment.name}"`;
  return `the ${moment.at === 'begin' ? 'start' : 'end'} of ${describeOperation(moment.operation)}`;
}

class Search {
  readonly #disk: Disk;
  readonly #replay: Replay;
  readonly #targets: readonly Versions[];
  readonly #limit: number;
  readonly #random: Random;
  readonly #seen = new Set<string>();
  readonly #counts: Record<Breach, number> = { mixed: 0, absent: 0, mode: 0, lost: 0 };
  readonly #findings = new Map<string, Finding>();
  #resolved = false;
  #exhaustive = true;
  #points = 0;
  #states = 0;
  readonly #variants = new Map<string, Variants>();

  constructor(disk: Disk, targets: readonly Versions[], options: PowerLossOptions) {
    this.#disk = disk;
    this.#replay = new Replay(disk);
    this.#targets = targets;
    this.#limit = options.limit ?? 4096;
    this.#random = seededRandom(options.seed ?? 1);
  }

  advance(moment: Moment): void {
    if (moment.at === 'mark') this.#resolved ||= moment.name === resolvedMark;
    else this.#replay.advance(moment);
  }

  /** Supposes a crash here. */
  cut(where: string): void {
    this.#points += 1;
    const pending = this.#disk.entryEffects.filter((effect) => !effect.settled);
    const { picks, exhaustive } = enumeratePicks(
      pending.map(() => 2),
      this.#limit,
      this.#random,
    );
    this.#exhaustive &&= exhaustive;
    for (const pick of picks) {
      const lost = new Set(pending.filter((_, index) => pick[index] === 0));
      const view = new CrashView(this.#disk, lost);
      this.#states += view.files().reduce((product, id) => product * this.#variantsAt(id).variants.length, 1);
      for (const target of this.#targets) this.#judge(target, view, where);
    }
  }

  /** The same effects pending give the same variants, at whatever point. */
  #variantsAt(id: InodeId): Variants {
    const file = this.#disk.file(id);
    const key = `${id}:${file.effects.map((effect) => Number(effect.settled)).join('')}`;
    const found = this.#variants.get(key) ?? variantsOf(file, this.#limit, this.#random);
    this.#variants.set(key, found);
    return found;
  }

  #judge(target: Versions, view: CrashView, where: string): void {
    const names = view.shape();
    const { inode: id } = resolve(
      this.#disk,
      `${this.#disk.root}/${target.path}`,
      target.link !== true,
      view.entries,
    );
    const inode = id === undefined ? undefined : this.#disk.inodes[id];
    const lostEntries = [...view.lost].map((effect) => effect.label);
    if (inode?.kind !== 'file' || id === undefined) {
      const content = inode?.kind === 'symlink' ? Buffer.from(inode.target) : new Uint8Array();
      const found = inode === undefined ? undefined : { content, mode: target.mode ?? 0 };
      this.#count(target, found, `${names}:${inode?.id}`, lostEntries, where);
      return;
    }
    const { variants, exhaustive } = this.#variantsAt(id);
    this.#exhaustive &&= exhaustive;
    for (const variant of variants) {
      this.#count(target, variant, `${names}:${variant.key}`, [...lostEntries, ...variant.lost], where);
    }
  }

  #count(
    target: Versions,
    found: { content: Uint8Array; mode: number } | undefined,
    key: string,
    lost: readonly string[],
    where: string,
  ): void {
    const state = `${target.path}:${this.#resolved}:${key}`;
    const isNew = !this.#seen.has(state);
    this.#seen.add(state);
    const breach = breachOf(sightOf(found, target), this.#resolved);
    if (breach === undefined) return;
    if (isNew) this.#counts[breach] += 1;
    const best = this.#findings.get(breach);
    if (best !== undefined && best.lost.length <= lost.length) return;
    const size = found?.content.byteLength;
    this.#findings.set(breach, { breach, path: target.path, after: where, lost, size });
  }

  result(): PowerLossResult {
    return {
      points: this.#points,
      states: this.#states,
      distinct: this.#seen.size,
      exhaustive: this.#exhaustive,
      breaches: this.#counts,
      findings: [...this.#findings.values()],
      remarks: this.#replay.remarks,
    };
  }
}

/** The directory entries that are on the disk when some pending changes of them are lost. */
class CrashView {
  readonly lost: ReadonlySet<EntryEffect>;
  readonly #disk: Disk;
  readonly #entries = new Map<InodeId, Map<string, InodeId>>();

  constructor(disk: Disk, lost: ReadonlySet<EntryEffect>) {
    this.#disk = disk;
    this.lost = lost;
    for (const inode of disk.inodes) {
      if (inode.kind === 'directory') this.#entries.set(inode.id, new Map(inode.entries));
    }
    for (const effect of disk.entryEffects) {
      if (lost.has(effect)) continue;
      for (const { directory, name, inode } of effect.changes) {
        const names = this.#entries.get(directory);
        if (inode === undefined) names?.delete(name);
        else names?.set(name, inode);
      }
    }
  }

  readonly entries = (directory: InodeId): ReadonlyMap<string, InodeId> =>
    this.#entries.get(directory) ?? new Map();

  /** The regular files that some name leads to. */
  files(): InodeId[] {
    const named = new Set<InodeId>();
    for (const names of this.#entries.values()) for (const id of names.values()) named.add(id);
    return [...named].filter((id) => this.#disk.inodes[id]?.kind === 'file');
  }

  shape(): string {
    return [...this.#entries]
      .map(
        ([id, names]) =>
          `${id}{${[...names]
            .map(([name, inode]) => `${name}=${inode}`)
            .toSorted()
            .join()}}`,
      )
      .join();
  }
}
