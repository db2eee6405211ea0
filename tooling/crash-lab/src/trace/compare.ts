import { createHash } from 'node:crypto';

import { type Operation, type Trace, operationsOf } from './operation.ts';

/**
 * What a trace did to the disk, in words that do not depend on the recorder: paths below the root, descriptors
 * as the paths they were opened by, neighbouring writes as one.
 */
export function durableStory(trace: Trace, root: string): string[] {
  const paths = new Map<string, string>();
  const story: string[] = [];
  let writing: { key: string; path: string; parts: Uint8Array[] } | undefined;
  const closeWriting = (): void => {
    if (writing === undefined) return;
    const content = Buffer.concat(writing.parts);
    const digest = createHash('sha1').update(content).digest('hex').slice(0, 12);
    story.push(`write ${writing.path} ${content.byteLength} bytes ${digest}`);
    writing = undefined;
  };
  for (const operation of operationsOf(trace)) {
    const key = `${operation.pid}.${operation.fd}`;
    const below = (path: string | undefined): string => (path ?? '').slice(root.length + 1);
    if (operation.outcome?.error !== undefined) continue;
    if (operation.name === 'open') {
      paths.set(`${operation.pid}.${operation.outcome?.fd}`, below(operation.path));
    }
    if (!operation.mutates || operation.name === 'close' || operation.name === 'utimes') continue;
    const path = operation.fd === undefined ? below(operation.path) : (paths.get(key) ?? key);
    if (operation.name === 'write') {
      if (writing?.key !== key) closeWriting();
      writing ??= { key, path, parts: [] };
      writing.parts.push(operation.data?.subarray(0, operation.outcome?.written) ?? new Uint8Array());
      continue;
    }
    closeWriting();
    story.push(
      [
        operation.name,
        path,
        ...(operation.to === undefined ? [] : [below(operation.to)]),
        ...detail(operation),
      ].join(' '),
    );
  }
  closeWriting();
  return story;
}

function detail({ name, mode, length, uid, gid }: Operation): string[] {
  if (name === 'fchmod' || name === 'chmod') return [((mode ?? 0) & 0o7777).toString(8)];
  if (name === 'fchown' || name === 'chown' || name === 'lchown') return [`${uid}:${gid}`];
  return name === 'ftruncate' ? [String(length)] : [];
}

/** Where two recordings of one run disagree, in words; empty where they tell the same story. */
export function disagreements(first: Trace, second: Trace, root: string): string[] {
  const [left, right] = [durableStory(first, root), durableStory(second, root)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index).flatMap((index) =>
    left[index] === right[index]
      ? []
      : [`step ${index + 1}: "${left[index] ?? '—'}" against "${right[index] ?? '—'}"`],
  );
}
