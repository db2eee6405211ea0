// @ts-check
/**
 * Contents that say what they must be: a header with their number and size, then bytes that follow from the
 * number. Whoever reads one can tell a whole version from any mixture.
 *
 * @param {number} id
 * @param {number} size in bytes; never less than the header
 * @returns {Buffer}
 */
export function version(id, size) {
  const header = Buffer.from(`version ${id} ${size}\n`);
  const content = Buffer.alloc(Math.max(size, header.byteLength));
  header.copy(content);
  let state = (id * 2654435761 + 1) >>> 0;
  for (let index = header.byteLength; index < content.byteLength; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // Letters only, so that no lost block looks like content.
    content[index] = 97 + ((state >>> 8) % 26);
  }
  return content;
}

/**
 * The number of the version that the bytes are, or undefined when they are not one whole version.
 *
 * @param {Uint8Array} bytes
 * @returns {number | undefined}
 */
export function versionOf(bytes) {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  const match = /^version (\d+) (\d+)\n/.exec(head);
  if (match === null) return undefined;
  const id = Number(match[1]);
  return Buffer.compare(bytes, version(id, Number(match[2]))) === 0 ? id : undefined;
}
