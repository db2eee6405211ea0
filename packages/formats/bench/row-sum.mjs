/** What a contestant of `rows` makes of its objects: enough that none can leave a row or a cell out. */
export class RowSum {
  #rows = 0;
  #characters = 0;

  add(row) {
    this.#rows++;
    this.#characters += row.id.length + row.note.length;
  }

  print() {
    console.log(`${this.#rows} rows, ${this.#characters} characters`);
  }
}
