import pg from "pg";

/** What a query of `pg` says on the wire, as far as we use it: the driver's types leave it out. */
type Wire = {
  parse(message: { name: string; text: string; types: readonly number[] }): void;
  bind(message: { portal: string; statement: string; values: readonly unknown[] }): void;
  execute(message: { portal: string; rows: number | undefined }): void;
  readonly parsedStatements: Record<string, string>;
};

type Driven = new (
  config: pg.QueryConfig,
) => {
  readonly name: string | undefined;
  callback?: (error: Error | null, result?: pg.QueryResult) => void;
  submit(wire: Wire): Error | null;
  prepare(wire: Wire): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
  handleError(error: Error, wire: Wire): unknown;
};

const Driven = pg.Query as unknown as Driven;

/**
 * A transaction's first statement with its beginning before it, sent as one: the database answers once for both. They are of
 * one pipeline, so that where the beginning fails, the statement is passed over and is never done outside a transaction.
 */
export class Opening extends Driven {
  readonly #begin: string;
  #begun = false;
  #knownBefore = true;

  constructor(begin: string, config: pg.QueryConfig) {
    super(config);
    this.#begin = begin;
  }

  /** Even without values: what goes in one pipeline is of the extended protocol. */
  requiresPreparation(): boolean {
    return true;
  }

  override prepare(wire: Wire): void {
    this.#knownBefore = this.name === undefined || wire.parsedStatements[this.name] !== undefined;
    wire.parse({ name: "", text: this.#begin, types: [] });
    wire.bind({ portal: "", statement: "", values: [] });
    wire.execute({ portal: "", rows: undefined });
    super.prepare(wire);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#begun) super.handleCommandComplete(message, wire);
    this.#begun = true;
  }

  override handleError(error: Error, wire: Wire): unknown {
    // The driver took the beginning's "parsed" for the statement's, which was passed over.
    if (!this.#begun && !this.#knownBefore && this.name) delete wire.parsedStatements[this.name];
    return super.handleError(error, wire);
  }
}
