import { readFile } from 'node:fs/promises';

import { library } from '@x/tsup-config';

/**
 * commander asks for the modules of Node.js by `require`, which an ES module does not have; and for
 * one of them before anybody wants it, whose loading takes a tenth of a short run.
 *
 * @type {NonNullable<import('tsup').Options['esbuildPlugins']>[number]}
 */
const commanderAsModule = {
  name: 'commander-as-module',
  setup(build) {
    build.onLoad({ filter: /[/\\]commander[/\\]lib[/\\]\w+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source
        .replace(
          "require('node:child_process')",
          "{ spawn: (...args) => require('node:child_process').spawn(...args) }",
        )
        .replaceAll(/\brequire\('(node:\w+)'\)/g, "process.getBuiltinModule('$1')")
        // The same object as the global one, which the line above needs before it.
        .replace(/^const process = .*$/m, '');
      return { contents };
    });
  },
};

// What main.ts answers by itself needs nothing of what it else begins.
const options = library(['src/main.ts'], { start: 'src/run.ts', apart: ['src/main.ts'] });
options.esbuildPlugins?.push(commanderAsModule);
export default options;
