import type { Value } from '@x/formats';

/** An element that is being read. */
export class Element {
  readonly name: string;
  readonly members = new Map<string, Value>();
  /** Names that have come more than once, or are always lists. */
  readonly #lists = new Map<string, Value[]>();
  readonly #alwaysLists: ReadonlySet<string>;
  text = '';
  hasChildren = false;
  isNil = false;

  constructor(name: string, alwaysLists: ReadonlySet<string>) {
    this.name = name;
    this.#alwaysLists = alwaysLists;
  }

  add(name: string, value: Value): void {
    const list = this.#lists.get(name);
    if (list !== undefined) list.push(value);
    else if (this.members.has(name) || this.#alwaysLists.has(name)) {
      const first = this.members.has(name) ? [this.members.get(name)] : [];
      const items = [...first, value];
      this.#lists.set(name, items);
      this.members.set(name, items);
    } else this.members.set(name, value);
  }

  /** Adds the text beside other members, where it is more than the space between elements. */
  settle(): void {
    if (this.text !== '' && (!this.hasChildren || this.text.trim() !== ''))
      this.members.set('#text', this.text);
  }
}
