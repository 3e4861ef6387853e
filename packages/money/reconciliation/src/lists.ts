import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import {
  assert,
  type Id,
  isCurrency,
  type Minor,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { type DayRow, dayRows, resolveRow, sumsOfDays, waitingOfDays, waitingRows } from "./queries/days.ts";
import type * as S from "./schema.ts";

type DayView = v.InferInput<typeof S.Day>;
type DifferenceView = v.InferInput<typeof S.Difference>;

/** An amount as text; a currency that the venue does not know is shown in the units that came. */
const text = (amount: Minor, currency: string): string =>
  isCurrency(currency) ? textFromMinor(amount, currency) : amount.toString();

/** Days that were compared, with what the gateway says of each, gross, fee and net. */
export const daysCompared = async (db: Db, page: PageInput): Promise<Page<DayView>> => {
  const rows = await dayRows(db, page);
  const days = [...new Set(rows.map(({ day }) => day))];
  const sums = days.length > 0 ? await sumsOfDays(db, days) : [];
  const waiting = days.length > 0 ? await waitingOfDays(db, days) : [];
  const same = (row: DayRow) => (other: { gateway: string; day: string }) =>
    other.gateway === row.gateway && other.day === row.day;
  return pageFrom(
    rows,
    page.limit,
    (row) => ({
      gateway: row.gateway,
      day: row.day,
      from: row.from_at,
      to: row.to_at,
      listed: row.listed,
      ranAt: row.ran_at,
      open: Number(waiting.find(same(row))?.count ?? 0n),
      sums: sums.filter(same(row)).map(({ kind, currency, count, ...sum }) => ({
        what: kind,
        currency,
        count: Number(count),
        gross: text(BigInt(sum.gross), currency),
        fee: text(BigInt(sum.fee), currency),
        net: text(BigInt(sum.net), currency),
      })),
    }),
    (row) => [row.day, row.gateway],
  );
};

/** Differences that wait for an operator, the latest first. */
export const openDifferences = async (db: Db, page: PageInput): Promise<Page<DifferenceView>> =>
  pageFrom(
    await waitingRows(db, page),
    page.limit,
    (row) => ({
      id: row.id,
      gateway: gatewayOf(row.gateway),
      day: row.day,
      kind: row.kind,
      what: row.what,
      ref: row.ref,
      paymentId: row.payment_id,
      currency: row.currency,
      here: row.here_minor === null ? null : text(row.here_minor, row.currency),
      there: row.there_minor === null ? null : text(row.there_minor, row.currency),
      foundAt: row.found_at,
    }),
    (row) => momentKey(row.found_at, row.id),
  );

const gatewayOf = (name: string): DayView["gateway"] => {
  assert(name === "stripe" || name === "paypal" || name === "vnpay", `${name} is a gateway`);
  return name;
};

/** An operator says what a difference was. Refuses `difference_unknown` for one that waits no more. */
export const resolveDifference = async (
  tx: Tx,
  actor: Actor,
  { differenceId, note }: { differenceId: Id<"difference">; note: string },
): Promise<{ differenceId: Id<"difference"> }> => {
  if (!(await resolveRow(tx, differenceId, actor.id, note))) throw refuse("difference_unknown");
  await audit(tx, actor, "difference.resolve", differenceId, { after: { note } });
  return { differenceId };
};
