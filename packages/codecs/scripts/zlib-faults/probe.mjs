// Prints, as JSON, what node:zlib and this package do in each case.

import { cases } from './cases.mjs';

const outcomes = [];
for (const { what, zlib, ours } of cases) outcomes.push({ what, zlib: await zlib(), ours: await ours() });
console.log(JSON.stringify(outcomes));
