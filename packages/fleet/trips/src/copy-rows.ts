const EPOCH_2000_MS = 946_684_800_000;
const EPOCH_2000_DAYS = 10_957;
const header = Uint8Array.from([
  0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Rows in COPY's binary format. Writing numbers as they are stored spares the database the reading of texts, which
 * for a table of moments and counts is most of what COPY does.
 */
export class CopyRows {
  #bytes: Buffer;
  #at: number;
  rows = 0;

  constructor(
    private readonly columns: number,
    expectedRows: number,
  ) {
    this.#bytes = Buffer.allocUnsafe(Math.max(4096, expectedRows * 320));
    this.#bytes.set(header, 0);
    this.#at = header.length;
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  row(): void {
    this.#room(2 + this.columns * 12 + 512);
    this.#at = this.#bytes.writeInt16BE(this.columns, this.#at);
    this.rows++;
  }

  nothing(): void {
    this.#at = this.#bytes.writeInt32BE(-1, this.#at);
  }

  int4(value: number | null) {
    if (value === null) return this.nothing();
    this.#at = this.#bytes.writeInt32BE(4, this.#at);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  /** A whole number within 2^53. */
  int8(value: number | null) {
    if (value === null) return this.nothing();
    this.#at = this.#bytes.writeInt32BE(8, this.#at);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#at = this.#bytes.writeInt32BE(high, this.#at);
    this.#at = this.#bytes.writeUInt32BE(value - high * 0x1_0000_0000, this.#at);
  }

  /** Whole numbers within 2^53 as an int8[]. */
  int8s(values: readonly number[]): void {
    this.#room(values.length * 12 + this.columns * 12 + 512);
    // One dimension without nulls, of int8 (type 20), from 1.
    for (const part of [20 + values.length * 12, 1, 0, 20, values.length, 1])
      this.#at = this.#bytes.writeInt32BE(part, this.#at);
    for (const value of values) this.int8(value);
  }

  /** Milliseconds since 1970 as a timestamptz. */
  moment(at: number): void {
    this.int8((at - EPOCH_2000_MS) * 1000);
  }

  /** Days since 1970 as a date. */
  date(days: number): void {
    this.int4(days - EPOCH_2000_DAYS);
  }

  /** Bytes that were encoded before: of texts that are the same in every row. */
  bytes(value: Uint8Array): void {
    this.#at = this.#bytes.writeInt32BE(value.length, this.#at);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  ascii(value: string): void {
    this.#at = this.#bytes.writeInt32BE(value.length, this.#at);
    this.#bytes.write(value, this.#at, "latin1");
    this.#at += value.length;
  }

  text(value: string | null) {
    if (value === null) return this.nothing();
    this.#room(value.length * 3 + this.columns * 12 + 512);
    const written = this.#bytes.write(value, this.#at + 4);
    this.#at = this.#bytes.writeInt32BE(written, this.#at) + written;
  }

  jsonb(value: unknown): void {
    const text = JSON.stringify(value);
    this.#room(text.length * 3 + this.columns * 12 + 512);
    this.#bytes[this.#at + 4] = 1;
    const written = this.#bytes.write(text, this.#at + 5) + 1;
    this.#at = this.#bytes.writeInt32BE(written, this.#at) + written;
  }

  /** The whole message. No row may be added after. */
  end(): Uint8Array {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return this.#bytes.subarray(0, this.#at);
  }
}
