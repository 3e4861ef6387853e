const newline = 10;

/** The end of a table's rows as it stands after another row. */
const end = Buffer.from("\n\\.\n");

/** What `dumpRows` wrote, read in pieces: a line where a statement stands, a table's rows as they come. */
export class Dump {
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** Read and not yet given. */
  #left: Buffer = Buffer.alloc(0);

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#pieces = content[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#pieces.next();
    if (done) return false;
    const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#left = this.#left.length === 0 ? piece : Buffer.concat([this.#left, piece]);
    return true;
  }

  #take(length: number): Buffer {
    const taken = this.#left.subarray(0, length);
    this.#left = this.#left.subarray(length);
    return taken;
  }

  /** The next line without its end; null after the last. */
  async line(): Promise<string | null> {
    for (;;) {
      const at = this.#left.indexOf(newline);
      if (at >= 0) return this.#take(at + 1).toString("utf8", 0, at);
      if (!(await this.#more())) {
        const rest = this.#take(this.#left.length).toString();
        return rest === "" ? null : rest;
      }
    }
  }

  /** The rows up to the line that ends them. A row may be longer than what is held of it. */
  async *rows(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#left.indexOf(end);
      if (at >= 0) {
        yield this.#take(at + 1);
        this.#take(end.length - 1);
        return;
      }
      // The end may have begun in what is held.
      const safe = this.#left.length - end.length;
      if (safe > 0) yield this.#take(safe);
      if (!(await this.#more())) throw new Error("The rows of a table have no end.");
    }
  }
}
