import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { library } from '@x/tsup-config';

/**
 * Makes ES modules of commander's, as a small conversion would else load one file more for the way
 * back. One of the modules of Node.js that it asks for is loaded when somebody wants it, since that
 * takes a tenth of a short run.
 *
 * @type {NonNullable<import('tsup').Options['esbuildPlugins']>[number]}
 */
const commanderAsModules = {
  name: 'commander-as-modules',
  setup(build) {
    build.onResolve({ filter: /^commander$/ }, () => ({
      path: fileURLToPath(new URL('index.js', import.meta.resolve('commander'))),
    }));
    build.onLoad({ filter: /[/\\]commander[/\\](?:index|lib[/\\]\w+)\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source
        .replace(
          "require('node:child_process')",
          "{ spawn: (...args) => process.getBuiltinModule('node:child_process').spawn(...args) }",
        )
        .replaceAll(/\brequire\('(node:\w+)'\)/g, "process.getBuiltinModule('$1')")
        // The same object as the global one, which the lines above need before it.
        .replace(/^const process = .*$/m, '')
        .replaceAll(/^const (\{[^}]+\}) = require\(('\.[^']+')\);$/gm, 'import $1 from $2;')
        .replaceAll(/^exports\.(\w+) = \1;/gm, 'export { $1 };')
        .replaceAll(/^exports\.(\w+) = /gm, 'export const $1 = /* @__PURE__ */ ');
      return { contents };
    });
  },
};

// What main.ts answers by itself needs nothing of what it else begins.
const options = library(['src/main.ts'], { start: 'src/run.ts', apart: ['src/main.ts'] });
options.esbuildPlugins?.push(commanderAsModules);
export default options;
