import { join } from 'node:path';

import { sourceCondition, testsSource } from './target.js';

/** Arguments for a child Node.js that must see the same `@x/*` code as the test that starts it. */
export const childNodeArgs = testsSource ? [`--conditions=${sourceCondition}`] : [];

/**
 * The program of a package that such a child runs: its source, or what is built from it.
 *
 * @param {string} packageFolder
 * @param {string} name Without folder and extension: `main`.
 */
export const programPath = (packageFolder, name) =>
  testsSource ? join(packageFolder, 'src', `${name}.ts`) : join(packageFolder, 'dist', `${name}.js`);
