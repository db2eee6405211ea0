#!/usr/bin/env node
import { keepCompiled } from './compile-cache.ts';
import { version } from './version.ts';

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  // Asked for by scripts, again and again; the parser alone would take longer than Node.js itself.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader that does not want it is nothing to speak of.
    if (code === 'EPIPE') return;
    process.stderr.write(`x: ${message}\n  at stdout\n`);
    process.exitCode = 1;
  });
  process.stdout.write(`${version()}\n`);
} else {
  keepCompiled(process.env);
  // Node.js would print its own form of a warning, with the process id and advice for developers.
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => void process.stderr.write(`x: warning: ${message}\n`));

  const { run } = await import('./run.ts');
  process.exitCode = await run(words, process, version());
  // It would end by itself, after clearing away what goes with it, which takes longer. A tick later,
  // because warnings come so late; and not where a pipe has yet to take what was said.
  setImmediate(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  });
}
