/** Longer than this says no more. */
const longest = 80;

/** A value as an error shows it. */
export function display(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  // An import would load a dozen modules of Node.js for everybody.
  const { inspect } = process.getBuiltinModule('node:util');
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 5 });
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
