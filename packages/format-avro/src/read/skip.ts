import { corrupt } from '../errors.ts';
import type { AvroType } from '../schema/avro-type.ts';
import type { Cursor } from './cursor.ts';
import type { Decode } from './decoder.ts';

/** Passes values that nobody wants, where that is cheaper than reading them; else undefined. */
export function skipOf(type: AvroType): Decode | undefined {
  switch (type.kind) {
    case 'string':
    case 'bytes':
      return (cursor) => passed(cursor, cursor.length());
    case 'fixed':
      return (cursor) => passed(cursor, type.size);
    case 'int':
    case 'long':
      return (cursor) => {
        cursor.long();
        return undefined;
      };
    case 'union': {
      const branches = type.branches.map((branch) => (branch.kind === 'null' ? () => null : skipOf(branch)));
      if (branches.includes(undefined)) return undefined;
      return (cursor) => {
        const branch = branches[cursor.length()];
        if (branch === undefined) throw corrupt('a value is none of its union');
        return branch(cursor);
      };
    }
    default:
      return undefined;
  }
}

function passed(cursor: Cursor, length: number): undefined {
  cursor.pass(length);
}
