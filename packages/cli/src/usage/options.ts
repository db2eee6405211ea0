import { type Command, Option } from 'commander';

const several = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

const repeated = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(several);

/** How the input is understood. */
export function addReadingOptions(command: Command): Command {
  return command
    .optionsGroup('Reading:')
    .option('-f, --from <format>', "format of the input, as a file's name ends: csv, tsv, jsonl, csv.gz")
    .option('--from-codec <name>', 'compression of the input: gzip, zstd, …, none')
    .addOption(repeated('--from-option <name=value>', 'option of the input format (repeatable)'))
    .option('-d, --delimiter <character>', 'what separates the cells of the input: ";", "\\t", or auto')
    .option('--encoding <name>', 'encoding of the input, as latin1 or utf-16le (default: utf-8)')
    .option('--no-header', 'the first line holds data; columns become column1, column2 …')
    .addOption(
      repeated('--types <how>', 'infer | text | column=type,… (default: infer where types are stored)'),
    )
    .option('--null-values <list>', 'cells that mean null: NA,-,""')
    .option('--scan-limit <rows>', 'rows looked at for columns and types, or "all" (default: 1000)')
    .addOption(
      new Option('--on-ragged <what>', 'rows with too few or too many cells')
        .choices(['error', 'skip', 'pad', 'truncate'])
        .default(undefined, 'error'),
    );
}

/** What is done to the rows. */
export function addShapeOptions(command: Command): Command {
  return command
    .optionsGroup('Columns:')
    .addOption(repeated('-c, --columns <list>', 'the columns to keep, in this order: id,name'))
    .addOption(repeated('--rename <old=new>', 'another name for a column (repeatable)'))
    .option('--flatten', 'nested objects become columns: address.city')
    .option('--unflatten', 'columns with dots in their names become nested objects');
}

/** How the output is written. */
export function addWritingOptions(
  command: Command,
  to: Option,
  outputs: 'one' | 'each' | 'parts' = 'one',
): Command {
  command
    .optionsGroup('Writing:')
    .addOption(to)
    .option('--to-codec <name>', 'compression of the output: gzip, zstd, …, none')
    .addOption(repeated('--to-option <name=value>', 'option of the output format (repeatable)'))
    .option(
      '-l, --level <level>',
      "compression level: the codec's number, or fastest | fast | default | best",
    )
    .option('--threads <count>', 'threads that compress, or "auto" (default: by the processors)');
  if (outputs === 'parts') return command;
  command
    // Who knows the option of convert() says it, though it is how it is.
    .addOption(new Option('--atomic', 'replace the file when all is well').default(true).hideHelp())
    .option('--no-atomic', 'write straight into the file, instead of replacing it when all is well')
    .addOption(
      new Option('--durability <what>', 'what is on the disk when the command ends')
        .choices(['full', 'data', 'none'])
        .default('full'),
    );
  if (outputs === 'each') return command;
  return command.option('--mkdirs', 'make the directories of the output where they are missing');
}

/** What becomes of rows that are not in order. */
export function addRowOptions(command: Command, rejects: 'file' | 'directory' = 'file'): Command {
  return command
    .optionsGroup('Bad rows:')
    .addOption(
      new Option('--on-error <what>', 'a bad row ends the run, or is left out and counted')
        .choices(['stop', 'skip'])
        .default('stop'),
    )
    .option(
      `--rejects <${rejects}>`,
      'write the skipped rows there, with reason and place (implies --on-error skip)',
    )
    .addOption(
      new Option('--on-extra-key <what>', 'keys that come too late to become columns')
        .choices(['error', 'drop'])
        .default(undefined, 'error'),
    );
}

/** How the command speaks; every command has these. */
export function addVoiceOptions(command: Command): Command {
  return command
    .optionsGroup('Messages:')
    .option('-q, --quiet', 'say nothing but errors')
    .option('--json', 'say it in one JSON object, for programs')
    .option('--no-color', 'no colours (as the variable NO_COLOR does)')
    .option('--debug', 'show the stack of an error');
}
