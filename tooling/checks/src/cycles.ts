import { importsOf, resolveRelative } from './imports.ts';
import type { Violation } from './workspace.ts';

/** No file may import itself through others; type-only imports are erased and do not count. */
export function checkCycles(root: string, files: readonly string[]): Violation[] {
  const known = new Set(files);
  const edges = new Map(
    files.map((file) => {
      const targets = importsOf(root, file)
        .filter((found) => !found.typeOnly && found.specifier.startsWith('.'))
        .map((found) => resolveRelative(file, found.specifier));
      return [file, targets.filter((target) => known.has(target))] as const;
    }),
  );
  const violations: Violation[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = [...path.slice(start), file];
      violations.push({ rule: 'cycle', where: file, what: cycle.join(' → ') });
      return;
    }
    if (done.has(file)) return;
    for (const target of edges.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return violations;
}
