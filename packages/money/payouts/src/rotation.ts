import { audit } from "@evx/audit";
import type { Db } from "@evx/db";
import type { Actor, Context } from "@evx/rpc";
import { planSeal } from "./plans.ts";
import type { PayoutsPorts } from "./ports.ts";
import { countPlansUnderOtherKeys, lockPlansUnderOtherKeys, resealPlan } from "./queries/plans.ts";
import { countUnderOtherKeys, lockUnderOtherKeys, resealBank } from "./queries/withdrawals.ts";

type Rotating = { db: Db; actor: Actor } & Pick<Context, "transact">;

/**
 * Seals a portion of the bank accounts that lie under older keys with the present one; answers what was done and what
 * is left. Call it until nothing is left, then the old key can go. It can be interrupted and run by several at once.
 */
export const rotateBankAccounts = async (
  ctx: Rotating,
  { vault }: Pick<PayoutsPorts, "vault">,
  portion = 50,
): Promise<{ done: number; left: number }> => {
  const { present } = vault;
  const done = await ctx.transact(async (tx) => {
    const rows = await lockUnderOtherKeys(tx, present, portion);
    for (const { id, bank_sealed } of rows) {
      const account = await vault.openText(bank_sealed, id);
      const [digest] = await vault.digests(account);
      await resealBank(tx, id, { sealed: await vault.sealText(account, id), digest: digest.toHex() });
    }
    const plans = await lockPlansUnderOtherKeys(tx, present, portion - rows.length);
    for (const { user_id, bank_sealed } of plans) {
      const account = await vault.openText(bank_sealed, planSeal(user_id));
      const [digest] = await vault.digests(account);
      const sealed = await vault.sealText(account, planSeal(user_id));
      await resealPlan(tx, user_id, { sealed, digest: digest.toHex() });
    }
    const count = rows.length + plans.length;
    if (count > 0) await audit(tx, ctx.actor, "bank_account.rotate_keys", present, { after: { count } });
    return count;
  });
  const left =
    (await countUnderOtherKeys(ctx.db, present)) + (await countPlansUnderOtherKeys(ctx.db, present));
  return { done, left };
};
