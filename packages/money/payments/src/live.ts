import { type Id, isId } from "@evx/kernel";
import type { Actor, Context, LiveSource } from "@evx/rpc";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import { paymentOfOrder } from "./payments.ts";
import { paymentVersions } from "./queries/live.ts";
import { paymentOfOrderRow } from "./queries/payments.ts";
import * as S from "./schema.ts";
import { timelineOf } from "./timeline.ts";

const paymentSource: LiveSource = {
  name: "payments.payment",
  versions: (db, keys) =>
    paymentVersions(
      db,
      keys.filter((key) => isId("order", key)),
    ),
};

type Watching = Pick<Context, "db" | "clock" | "live">;

/** The payment of an order, for its buyer, its seller or an operator; nobody else learns that there is one. */
export const paymentFor = async (ctx: Pick<Context, "db" | "clock">, actor: Actor, orderId: Id<"order">) => {
  const payment = await paymentOfOrder(ctx.db, orderId, ctx.clock.now());
  const theirs = payment?.buyerId === actor.id || payment?.sellerId === actor.id || actor.role === "admin";
  if (!payment || !theirs) throw refuse("payment_unknown");
  return { payment };
};

/** What became of the payment of an order, for the same people. */
export const timelineFor = async (ctx: Pick<Context, "db" | "clock">, actor: Actor, orderId: Id<"order">) => {
  await paymentFor(ctx, actor, orderId);
  const row = await paymentOfOrderRow(ctx.db, orderId);
  if (!row) throw refuse("payment_unknown");
  return { items: await timelineOf(ctx.db, row, { withFees: actor.role === "admin" }) };
};

/** Yields an order's payment now and after each change, until the signal aborts. */
export async function* watchPayment(
  ctx: Watching,
  actor: Actor,
  orderId: Id<"order">,
  signal: AbortSignal | undefined,
): AsyncGenerator<v.InferOutput<typeof S.PaymentAnswer>, void, void> {
  await paymentFor(ctx, actor, orderId);
  for await (const _ of ctx.live.watch(paymentSource, orderId, signal)) {
    yield v.parse(S.PaymentAnswer, await paymentFor(ctx, actor, orderId));
  }
}
