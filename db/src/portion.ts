import { type RawBuilder, sql } from "kysely";

/** Which rows a read model looks at: so many after an id, or one. */
export type Portion = { readonly after: string; readonly limit: number } | { readonly id: string };

/** The condition on a table's id for a portion; its rows are ordered by that id. */
export const inPortion = (column: string, portion: Portion): RawBuilder<boolean> =>
  "id" in portion
    ? sql<boolean>`${sql.ref(column)} = ${portion.id}`
    : sql<boolean>`${sql.ref(column)} > ${portion.after}`;

export const mostOf = (portion: Portion): number => ("id" in portion ? 1 : portion.limit);
