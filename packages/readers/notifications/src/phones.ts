/** The telephone of a person: theirs once the code that was sent there came back. */
import { createHash, timingSafeEqual } from "node:crypto";
import { ownSession, spendPhoneCode, userById } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { enqueue, type JobContext } from "@evx/jobs";
import { type Id, minute_ms } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { sendPhoneCode } from "./events.ts";
import { type NotificationsPorts, Unacceptable } from "./ports.ts";
import { dropPhone, lockPhone, putPhone } from "./queries/ways.ts";

const triesACode = 5;
const codeLives_ms = 10 * minute_ms;

const digestOf = (userId: Id<"user">, code: string): string =>
  createHash("sha256").update(`${userId}\n${code}`).digest("hex");

/**
 * Sends a code to a number; what was confirmed before stays no longer. Refuses `notification_channel_unavailable` without
 * a gateway, `phone_codes_used_up` after five codes in a day of the person's or to the number, `session_required` to API keys.
 */
export const setPhone = async (
  tx: Tx,
  ports: Pick<NotificationsPorts, "sms">,
  actor: Actor,
  { number }: { number: string },
): Promise<void> => {
  if (!ports.sms) throw refuse("notification_channel_unavailable", { channel: "sms" });
  ownSession(actor);
  if (!(await spendPhoneCode(tx, { by: actor.id, number }))) throw refuse("phone_codes_used_up");
  await putPhone(tx, actor.id, {
    number,
    code_digest: null,
    code_until: null,
    tries: 0,
    asked_at: tx.at,
    confirmed_at: null,
  });
  await enqueue(tx, sendPhoneCode, { userId: actor.id, number });
};

const sixDigits = (): string =>
  String((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000).padStart(6, "0");

/** Makes the code and sends it. Run twice it sends two, of which the last is right. */
export const sendCode = async (
  job: JobContext,
  { sms }: Pick<NotificationsPorts, "sms">,
  { userId, number }: { userId: Id<"user">; number: string },
): Promise<void> => {
  const user = await userById(job.db, userId);
  const code = sixDigits();
  const stillAsked = await job.transact(async (tx) => {
    const row = await lockPhone(tx, userId);
    if (row?.number !== number || row.confirmed_at) return false;
    const until = new Date(tx.at.getTime() + codeLives_ms);
    await putPhone(tx, userId, { ...row, code_digest: digestOf(userId, code), code_until: until, tries: 0 });
    return true;
  });
  if (!user || !stillAsked || !sms) return;
  const text =
    user.locale === "vi"
      ? `${code} là mã EV Carbon Exchange của bạn. Mã có hiệu lực mười phút. Đừng đưa mã cho bất kỳ ai.`
      : `${code} is your EV Carbon Exchange code. It works for ten minutes. Don't share it with anyone.`;
  try {
    await sms.send({ to: number, text, triedSince: null });
  } catch (error) {
    if (!(error instanceof Unacceptable)) throw error;
    job.log.warn(
      { error, userId, requestId: job.requestId },
      "a number takes no SMS; its person sees no code",
    );
  }
};

/** Takes the code. Five wrong ones end it. Refuses `phone_code_wrong`. */
export const confirmPhone = async (
  ctx: Pick<Context, "transact">,
  actor: Actor,
  { code }: { code: string },
): Promise<void> => {
  const right = await ctx.transact(async (tx) => {
    const row = await lockPhone(tx, actor.id);
    if (!row?.code_digest || !row.code_until || row.code_until < tx.at || row.tries >= triesACode)
      return false;
    const same = timingSafeEqual(Buffer.from(row.code_digest), Buffer.from(digestOf(actor.id, code)));
    await putPhone(
      tx,
      actor.id,
      same
        ? { ...row, code_digest: null, code_until: null, confirmed_at: tx.at }
        : { ...row, tries: row.tries + 1 },
    );
    return same;
  });
  // The wrong try is counted: it is refused after its transaction.
  if (!right) throw refuse("phone_code_wrong");
};

export const forgetPhone = (tx: Tx, actor: Actor): Promise<void> => dropPhone(tx, actor.id);
