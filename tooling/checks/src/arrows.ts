import { importsOf, packageOf, resolveRelative } from './imports.ts';
import { codeFiles, type Package, type Violation } from './workspace.ts';

/**
 * The arrows of the design: what each package may depend on at run time. A format package is
 * `@x/format-NAME` and points at `@x/formats`.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  '@x/atomic-fs': [],
  '@x/codecs': [],
  '@x/formats': [],
  '@x/convert': ['@x/atomic-fs', '@x/codecs', '@x/formats'],
  '@x/fleet': ['@x/convert', '@x/atomic-fs'],
  '@x/cli': ['@x/convert', '@x/fleet'],
};

/**
 * What a build takes into `dist`, and what is therefore a devDependency that `src` may import. Whoever
 * installs the package does not get it a second time. Decision 019.
 */
const bundled: Readonly<Record<string, readonly string[]>> = {
  '@x/convert': ['zod'],
  '@x/cli': ['commander'],
};

function mayPointAt(from: string, to: string): boolean {
  if (from.startsWith('@x/format-')) return to === '@x/formats';
  if (from === '@x/cli' && to.startsWith('@x/format-')) return true;
  return (arrows[from] ?? []).includes(to);
}

/** No import and no manifest may draw an arrow that the design does not draw. */
export function checkArrows(root: string, packages: readonly Package[]): Violation[] {
  const violations: Violation[] = [];
  const report = (where: string, what: string): void => void violations.push({ rule: 'arrow', where, what });

  for (const { folder, manifest } of packages) {
    const { name } = manifest;
    if (!(name in arrows) && !name.startsWith('@x/format-')) {
      report(`${folder}/package.json`, `${name} is not in the design: draw its arrows in arrows.ts first`);
    }
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (dependency.startsWith('@x/') && !mayPointAt(name, dependency)) {
        report(`${folder}/package.json`, `${name} must not depend on ${dependency}`);
      }
    }
    for (const inner of bundled[name] ?? []) {
      if (inner in declared) report(`${folder}/package.json`, `${inner} is bundled: it is a devDependency`);
    }
    for (const file of codeFiles(root, `${folder}/src`)) {
      for (const { specifier, line } of importsOf(root, file)) {
        const target = packageOf(specifier);
        if (target === undefined) {
          if (specifier.startsWith('.') && !resolveRelative(file, specifier).startsWith(`${folder}/src/`)) {
            report(
              `${file}:${line}`,
              `'${specifier}' leaves the package's src: import the package by its name`,
            );
          }
        } else if (target.startsWith('@x/') && target !== name && !mayPointAt(name, target)) {
          report(`${file}:${line}`, `${name} must not import ${target}`);
        } else if (target !== name && !(target in declared) && !bundled[name]?.includes(target)) {
          report(`${file}:${line}`, `${target} is imported but is not a dependency of ${name}`);
        }
      }
    }
  }
  return violations;
}
