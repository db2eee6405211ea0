import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { checkArrows } from './arrows.ts';
import { checkCycles } from './cycles.ts';
import { checkLayout } from './layout.ts';
import { checkManifests } from './manifests.ts';
import { codeFiles, publicPackages, type Violation } from './workspace.ts';

/**
 * Holds a checkout against the design: arrows only as drawn, no import cycles, no file over the
 * line budget, the manifest fields that every package has.
 *
 * @param topLevelNames What lies at the top; by default what the folder holds.
 */
export function checkStructure(root: string, topLevelNames?: readonly string[]): Violation[] {
  const packages = publicPackages(root);
  const files = ['packages', 'tooling', 'examples']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => codeFiles(root, folder));
  return [
    ...checkArrows(root, packages),
    ...checkCycles(root, files),
    ...checkLayout(root, files, topLevelNames),
    ...checkManifests(root, packages),
  ];
}
