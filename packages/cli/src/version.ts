/** The version of the package that holds this file, be it in `src` or in `dist`. */
export function version(): string {
  // By this way, `--version` shares nothing with the rest of the command and loads one file.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
