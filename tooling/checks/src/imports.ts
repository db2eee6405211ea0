import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** An import that is erased with the types, and so cannot close a cycle at run time. */
  readonly typeOnly: boolean;
}

/** Every import and re-export of a file: static ones and `import()` of a literal. */
export function importsOf(root: string, file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const parsed = parseSync(file, source);
  const [error] = parsed.errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const lineAt = (offset: number): number => source.slice(0, offset).split('\n').length;
  const found: Import[] = [];
  for (const { moduleRequest, entries, start } of staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    found.push({ specifier: moduleRequest.value, line: lineAt(start), typeOnly });
  }
  for (const { entries, start } of staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest)
        found.push({ specifier: moduleRequest.value, line: lineAt(start), typeOnly: isType });
    }
  }
  for (const { moduleRequest, start } of dynamicImports) {
    const literal = /^(['"])(.*)\1$/s.exec(source.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[2]) found.push({ specifier: literal[2], line: lineAt(start), typeOnly: false });
  }
  return found;
}

/** `@x/codecs/zip` → `@x/codecs`, `zod/v4` → `zod`; undefined for a file of our own or a Node module. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The file that a relative specifier names, relative to the root. */
export function resolveRelative(fromFile: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(fromFile), specifier));
}
