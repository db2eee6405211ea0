#!/usr/bin/env node
import { run } from './run.ts';

// Node.js would print its own form of a warning, with the process id and advice for developers.
process.removeAllListeners('warning');
process.on('warning', ({ message }) => void process.stderr.write(`x: warning: ${message}\n`));

process.exitCode = await run(process.argv.slice(2), process);
