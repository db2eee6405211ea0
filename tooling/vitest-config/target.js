/**
 * The export condition under which `@x/*` packages resolve to their TypeScript source.
 *
 * Tests run against the source, with no build, wherever Node.js can strip types by itself. On an
 * older Node.js (20 does not) the same tests run against the built `dist`, which is also a check
 * of the build. `X_TEST_TARGET=dist` asks for that on any version.
 */
export const sourceCondition = '@x/source';

export const testsSource =
  process.env.X_TEST_TARGET !== 'dist' &&
  process.features.typescript !== undefined &&
  process.features.typescript !== false;
