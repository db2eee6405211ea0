/** The version of the package that holds this file, be it in `src` or in `dist`. */
export function version(): string {
  // An import of `node:fs` loads its streams and promises too, which takes a tenth of `x --version`.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
