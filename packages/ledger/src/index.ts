export * from "./accounts.ts";
export { auditBooks, type Violation } from "./audit.ts";
export type { Json, TransferKind } from "./kinds.ts";
export {
  hold,
  issue,
  type Leg,
  type Posted,
  type Posting,
  post,
  postingSql,
  refusing,
  release,
  takeOfBatch,
} from "./post.ts";
export {
  type Balance,
  balanceOf,
  balancesOf,
  batchesOf,
  type Entry,
  type EntryFilter,
  entriesOf,
  type GramEvent,
  type GramMove,
  type GramRun,
  holdersOf,
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
