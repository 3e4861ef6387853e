import type { Currency, Id } from "@evx/kernel";
import { type AccountId, balancesOf, cash } from "@evx/ledger";
import type { Actor, Context, LiveSource } from "@evx/rpc";
import * as v from "valibot";
import { balanceOfUser } from "./balance.ts";
import { refuse } from "./errors.ts";
import { paymentOfOrder } from "./payments.ts";
import type { PaymentsPorts } from "./ports.ts";
import { paymentVersions, withdrawalVersions } from "./queries/live.ts";
import * as S from "./schema.ts";

const paymentSource: LiveSource = { name: "payments.payment", versions: paymentVersions };

/** Keys are "USD usr_…": a balance changes with the account's entries and holds, and as withdrawals move on. */
const balanceSource: LiveSource = {
  name: "payments.balance",
  async versions(db, keys) {
    const watched = keys.map((key) => {
      const [currency, userId] = key.split(" ") as [Currency, Id<"user">];
      return { key, userId, account: cash(currency, userId) };
    });
    const balances = await balancesOf(
      db,
      watched.map(({ account }): AccountId => account),
    );
    const withdrawals = await withdrawalVersions(
      db,
      watched.map(({ userId }) => userId),
    );
    return new Map(
      watched.map(({ key, userId, account }) => {
        const { version, held } = balances.get(account) ?? { version: 0n, held: 0n };
        return [key, `${version} ${held} ${withdrawals.get(userId) ?? ""}`];
      }),
    );
  },
};

type Watching = Pick<Context, "db" | "clock" | "live" | "currency">;

/** The payment of an order, for its buyer, its seller or an operator; nobody else learns that there is one. */
export const paymentFor = async (ctx: Pick<Context, "db" | "clock">, actor: Actor, orderId: Id<"order">) => {
  const payment = await paymentOfOrder(ctx.db, orderId, ctx.clock.now());
  const theirs = payment?.buyerId === actor.id || payment?.sellerId === actor.id || actor.role === "admin";
  if (!payment || !theirs) throw refuse("payment_unknown");
  return { payment };
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

/** Yields a person's balance now and whenever they earn, withdraw, or a withdrawal moves on. */
export async function* watchBalance(
  ctx: Watching,
  ports: PaymentsPorts,
  actor: Actor,
  signal: AbortSignal | undefined,
): AsyncGenerator<v.InferOutput<typeof S.Balance>, void, void> {
  for await (const _ of ctx.live.watch(balanceSource, `${ctx.currency} ${actor.id}`, signal)) {
    yield v.parse(S.Balance, await balanceOfUser(ctx.db, ports, ctx.currency, actor.id, ctx.clock.now()));
  }
}
