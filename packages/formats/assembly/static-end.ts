/** Just after what the module keeps in memory for itself. A test compares it with where others begin. */
export function staticEnd(): usize {
  return __heap_base;
}
