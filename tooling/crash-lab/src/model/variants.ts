import { createHash } from 'node:crypto';

import type { Random } from '../random.ts';
import { enumeratePicks } from './choices.ts';
import type { FileInode, InodeEffect } from './effect.ts';

/** What a crash may have left of one file. */
export interface Variant {
  readonly content: Uint8Array;
  readonly mode: number;
  /** Tells variants apart: a digest of content and mode. */
  readonly key: string;
  /** The effects that were lost, or kept in part. */
  readonly lost: readonly string[];
}

export interface Variants {
  readonly variants: readonly Variant[];
  readonly exhaustive: boolean;
}

const sectorSize = 512;

/** Pending effects that are decided together. */
interface Unit {
  readonly effects: readonly InodeEffect[];
  /** For the growth of a file: the sizes it may have reached. */
  readonly sizes?: readonly number[];
}

/**
 * Every content and mode that the file can have after a crash now.
 *
 * Each pending effect is kept or lost on its own. A piece can also be torn: its first half, in whole sectors,
 * is on the disk and the rest is not. What was never written, or was lost, reads as zeros within the size.
 */
export function variantsOf(file: FileInode, limit: number, random: Random): Variants {
  const units = unitsOf(file);
  const { picks, exhaustive } = enumeratePicks(units.map(optionsOf), limit, random);
  const variants = new Map<string, Variant>();
  for (const pick of picks) {
    const decided = new Map(
      units.flatMap((unit, index) =>
        unit.effects.map((effect) => [effect, keptOf(unit, effect, pick[index] ?? 0)]),
      ),
    );
    const variant = build(file, decided);
    const known = variants.get(variant.key);
    // Of the ways to the same bytes, the one that loses least is the one worth telling.
    if (known === undefined || variant.lost.length < known.lost.length) variants.set(variant.key, variant);
  }
  return { variants: [...variants.values()], exhaustive };
}

/** A file only grows between two truncations, so one size decides about all writes in between. */
function unitsOf(file: FileInode): Unit[] {
  const units: Unit[] = [];
  let growth: InodeEffect[] = [];
  const closeGrowth = (): void => {
    if (growth.length === 0) return;
    const sizes = growth.flatMap((effect) => (effect.kind === 'extend' ? effect.sizes : []));
    units.push({ effects: growth, sizes: [...new Set(sizes)].toSorted((a, b) => a - b) });
    growth = [];
  };
  for (const effect of file.effects) {
    if (effect.kind === 'truncate') closeGrowth();
    if (effect.settled) continue;
    if (effect.kind === 'extend') growth.push(effect);
    else units.push({ effects: [effect] });
  }
  closeGrowth();
  return units;
}

function optionsOf(unit: Unit): number {
  return unit.sizes === undefined ? Math.max(...unit.effects.map(steps)) + 1 : unit.sizes.length + 1;
}

/** How much of an effect a pick for its unit keeps: from 0, nothing, to `steps`, all of it. */
function keptOf(unit: Unit, effect: InodeEffect, pick: number): number {
  if (unit.sizes === undefined || effect.kind !== 'extend') return pick;
  const reached = pick === 0 ? -1 : (unit.sizes[pick - 1] ?? -1);
  return effect.sizes.filter((size) => size <= reached).length;
}

/** In how many steps an effect can get onto the disk. */
function steps(effect: InodeEffect): number {
  if (effect.kind === 'extend') return effect.sizes.length;
  return effect.kind === 'piece' && tornAt(effect.data) > 0 ? 2 : 1;
}

const tornAt = (data: Uint8Array): number => Math.floor(data.byteLength / 2 / sectorSize) * sectorSize;

function build(file: FileInode, decided: ReadonlyMap<InodeEffect, number>): Variant {
  const state = { bytes: Uint8Array.from(file.content), size: file.content.byteLength, mode: file.mode };
  const lost: string[] = [];
  for (const effect of file.effects) {
    const most = steps(effect);
    const kept = decided.get(effect) ?? most;
    if (kept < most) lost.push(kept === 0 ? effect.label : `${effect.label} (in part)`);
    apply(state, effect, kept);
  }
  const content = grown(state.bytes, state.size).subarray(0, state.size);
  const digest = createHash('sha1').update(content).update(`:${state.mode}`).digest('hex');
  return { content, mode: state.mode, key: digest, lost };
}

function apply(
  state: { bytes: Uint8Array<ArrayBuffer>; size: number; mode: number },
  effect: InodeEffect,
  kept: number,
): void {
  if (kept === 0) return;
  switch (effect.kind) {
    case 'truncate':
      state.bytes = grown(state.bytes, effect.size);
      state.bytes.fill(0, effect.size);
      state.size = effect.size;
      break;
    case 'piece': {
      const data = kept === steps(effect) ? effect.data : effect.data.subarray(0, tornAt(effect.data));
      state.bytes = grown(state.bytes, effect.offset + data.byteLength);
      state.bytes.set(data, effect.offset);
      break;
    }
    case 'extend':
      state.size = Math.max(state.size, effect.sizes[kept - 1] ?? 0);
      break;
    case 'mode':
      state.mode = effect.mode & 0o7777;
      break;
    case 'owner':
      break;
  }
}

function grown(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength >= size) return bytes;
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}
