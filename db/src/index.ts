export { sql } from "kysely";
export {
  createDb,
  createPool,
  type Db,
  databaseTime,
  hasPlayed,
  json,
  logPlace,
  type Pool,
  type PoolOptions,
  type Tx,
  type WalState,
  walState,
} from "./client.ts";
export { copyIn } from "./copy.ts";
export { inPortion, mostOf, type Portion, portionOf } from "./portion.ts";
export { type TransactOptions, transact } from "./transact.ts";
export type { Database, JsonInput } from "./types.gen.ts";
