export * from "./accounts.ts";
export { auditBooks, type Violation } from "./audit.ts";
export {
  hold,
  issue,
  type Json,
  type Leg,
  type Posted,
  type Posting,
  post,
  postingSql,
  refusing,
  release,
  type TransferKind,
  takeOfBatch,
} from "./post.ts";
export type { EntryFilter } from "./queries/book.ts";
export {
  type Balance,
  balanceOf,
  balancesOf,
  batchesOf,
  type Entry,
  entriesOf,
  type GramEvent,
  type GramMove,
  type GramRun,
  holdingsOf,
  type Lot,
  listedOf,
  lotsOf,
  movesOf,
  movesOfAll,
  ownersOf,
  spreadOf,
  timelineOf,
  totals,
  transferById,
} from "./read.ts";
