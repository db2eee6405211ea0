import { defineConfig } from 'vitest/config';

import { sourceCondition, testsSource } from './target.js';

// Vite's own server conditions, with ours first.
const conditions = [...(testsSource ? [sourceCondition] : []), 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    // No test waits for a clock; this ends what hangs. Some start a dozen processes, each of which takes
    // seconds where many others want the same processors.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', 'json'],
    outputFile: { json: process.env.X_TEST_REPORT ?? 'reports/vitest.json' },
  },
});
