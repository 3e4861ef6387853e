import type { Currency, Id } from "@evx/kernel";
import { type AccountId, balancesOf, cash, debt } from "@evx/ledger";
import type { Actor, Context, LiveSource } from "@evx/rpc";
import * as v from "valibot";
import { balanceOfUser } from "./balance.ts";
import type { PayoutsSettings } from "./ports.ts";
import { withdrawalVersions } from "./queries/live.ts";
import * as S from "./schema.ts";

/** Keys are "USD usr_…": a balance changes with the account's entries and holds, and as withdrawals move on. */
const balanceSource: LiveSource = {
  name: "payments.balance",
  async versions(db, keys) {
    const watched = keys.map((key) => {
      const [currency, userId] = key.split(" ") as [Currency, Id<"user">];
      return { key, userId, account: cash(currency, userId), owed: debt(currency, userId) };
    });
    const balances = await balancesOf(
      db,
      watched.flatMap(({ account, owed }): AccountId[] => [account, owed]),
    );
    const withdrawals = await withdrawalVersions(
      db,
      watched.map(({ userId }) => userId),
    );
    return new Map(
      watched.map(({ key, userId, account, owed }) => {
        const { version, held } = balances.get(account) ?? { version: 0n, held: 0n };
        const due = balances.get(owed)?.version ?? 0n;
        return [key, `${version} ${held} ${due} ${withdrawals.get(userId) ?? ""}`];
      }),
    );
  },
};

type Watching = Pick<Context, "db" | "clock" | "live" | "currency">;

/** Yields a person's balance now and whenever they earn, withdraw, or a withdrawal moves on. */
export async function* watchBalance(
  ctx: Watching,
  settings: PayoutsSettings,
  actor: Actor,
  signal: AbortSignal | undefined,
): AsyncGenerator<v.InferOutput<typeof S.Balance>, void, void> {
  for await (const _ of ctx.live.watch(balanceSource, `${ctx.currency} ${actor.id}`, signal)) {
    yield v.parse(S.Balance, await balanceOfUser(ctx.db, settings, ctx.currency, actor.id, ctx.clock.now()));
  }
}
