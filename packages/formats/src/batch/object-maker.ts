import type { Row, Schema, Value } from '../contract.ts';
import { setMember } from '../value/member.ts';

/** Makes an object of the values of a row; none of them is undefined. */
export type ObjectMaker = (values: readonly Value[]) => Row;

/** Larger literals make no faster objects. */
const mostMembers = 1000;

const makers = new WeakMap<Schema, ObjectMaker>();

/** What makes objects with the columns of a schema as their keys. */
export function objectMaker(schema: Schema): ObjectMaker {
  let maker = makers.get(schema);
  if (maker === undefined) {
    const names = schema.columns.map(({ name }) => name);
    maker =
      (names.length <= mostMembers ? compiled(names) : undefined) ?? ((values) => objectOf(names, values));
    makers.set(schema, maker);
  }
  return maker;
}

/** An object of the values that are there. */
export function objectOf(names: readonly string[], values: readonly Value[]): Row {
  const object: Row = {};
  for (let i = 0; i < names.length; i++) {
    const value = values[i];
    if (value !== undefined) setMember(object, names[i]!, value);
  }
  return object;
}

/**
 * A literal with all the keys, which is made ten times as fast as an object that gets them one by one.
 * Undefined where Node.js may not compile text (`--disallow-code-generation-from-strings`).
 */
function compiled(names: readonly string[]): ObjectMaker | undefined {
  const members = names.map((name, i) => `${keyOf(name)}: values[${i}]`);
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- nothing but quoted names gets into the text
    return new Function('values', `return { ${members.join(', ')} };`) as ObjectMaker;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** A string of JSON is one of JavaScript too. Without brackets, `__proto__` would set the prototype. */
function keyOf(name: string): string {
  return name === '__proto__' ? `['__proto__']` : JSON.stringify(name);
}
