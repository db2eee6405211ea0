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

/** Items that become one text. That of a million files would be longer than a text can be. */
const itemsAtOnce = 1000;

/** One JSON object on one line, with a list as its last member, which is written a part at a time. */
export async function printWithList<Item>(
  stream: NodeJS.WritableStream,
  object: object,
  name: string,
  items: readonly Item[],
  told: (item: Item) => object,
): Promise<void> {
  const opened = json({ ...object, [name]: [] }).slice(0, -']}\n'.length);
  await print(stream, opened);
  for (let first = 0; first < items.length; first += itemsAtOnce) {
    const some = items.slice(first, first + itemsAtOnce).map((item) => json(told(item)).trimEnd());
    await print(stream, (first === 0 ? '' : ',') + some.join(','));
  }
  await print(stream, ']}\n');
}
