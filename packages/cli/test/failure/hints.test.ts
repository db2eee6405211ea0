import { expect } from 'vitest';

import { hintOf } from '../../src/failure/hints.ts';
import { test } from '../command.ts';

/** Advice of the packages below, and the same for those who type. */
test.for([
  ["choose onRagged: 'pad' if cells are missing", 'choose --on-ragged pad if cells are missing'],
  ["or leave it out with onExtraKey: 'drop'", 'or leave it out with --on-extra-key drop'],
  ["read the values with unknownTags: 'ignore'", 'read the values with --from-option unknownTags=ignore'],
  ["or onTypeMismatch: 'widen'", 'or --from-option onTypeMismatch=widen'],
  ["choose onUnheld: 'text'", 'choose --to-option onUnheld=text'],
  ['preserveDirs: true keeps folders apart', '--preserve-dirs keeps folders apart'],
  [
    "name it, choose onEmptyColumnName: 'rename', or header: false",
    'onEmptyColumnName=rename, or --no-header',
  ],
  ['say what it is with from.format', 'say what it is with --from'],
] as const)('%s', ([own, typed]) => expect(hintOf(undefined, own)).toContain(typed));

test('flags that are advised are there', async ({ x }) => {
  const helps = await Promise.all(['convert', 'bulk'].map((command) => x(command, '--help')));
  const help = helps.map(({ stdout }) => stdout).join('');
  const codes = [
    'DESTINATION_NOT_FOUND',
    'SAME_FILE',
    'UNKNOWN_FORMAT',
    'NAME_CONTRADICTS_CONTENT',
    'INVALID_TEXT',
  ];
  codes.push('RAGGED_ROW', 'EXTRA_KEY', 'RUN_IN_PROGRESS', 'EACCES', 'ENOSPC', 'EBUSY', 'TEMP_CHANGED');
  const own = [
    "onRagged: 'pad'",
    "onExtraKey: 'drop'",
    "onError: 'skip'",
    "onExists: 'skip'",
    'preserveDirs: true',
  ];
  const hints = [
    ...codes.map((code) => hintOf(code, undefined)),
    ...own.map((text) => hintOf(undefined, text)),
    hintOf(undefined, "unknownTags: 'ignore', onUnheld: 'text', header: false, rename: { '': 'name' }"),
  ];
  const flags = hints.flatMap((hint) => hint!.match(/--[a-z-]+/g) ?? []);
  expect(flags.length).toBeGreaterThan(10);
  expect(flags.filter((flag) => !help.includes(flag))).toEqual([]);
});
