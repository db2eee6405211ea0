/** Writes text and waits until it is out; a reader that has gone (EPIPE) or a full disk is thrown. */
export function print(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** One JSON object on one line. What JSON has no word for becomes text: integers beyond 2^53, decimals. */
export function json(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
  return `${text}\n`;
}
