import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";

/** Which rows a read model looks at: so many after an id, or one. */
export type Portion = { readonly after: string; readonly limit: number } | { readonly id: string };

/** The condition on a table's id for a portion; its rows are ordered by that id. */
export const inPortion = (column: string, portion: Portion): RawBuilder<boolean> =>
  "id" in portion
    ? sql<boolean>`${sql.ref(column)} = ${portion.id}`
    : sql<boolean>`${sql.ref(column)} > ${portion.after}`;

export const mostOf = (portion: Portion): number => ("id" in portion ? 1 : portion.limit);

/** The rows of a query that are of a portion, by their id. */
export const portionOf = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  column: string,
  portion: Portion,
) => query.where(inPortion(column, portion)).orderBy(sql.ref(column)).limit(mostOf(portion)).execute();
