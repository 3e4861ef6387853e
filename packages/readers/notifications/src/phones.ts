/** The telephone of a person: theirs once the code that was sent there came back. */
import { timingSafeEqual } from "node:crypto";
import { inPersonLately, ownSession, spendPhoneCode, userById } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { enqueue, type JobContext } from "@evx/jobs";
import { type Id, type Locale, minute_ms } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { sendPhoneCode, tellFormerNumber } from "./events.ts";
import { notify } from "./notify.ts";
import { type NotificationsPorts, Unacceptable } from "./ports.ts";
import { dropPhone, lockPhone, type PhoneRow, phoneRow, putPhone } from "./queries/ways.ts";

const triesACode = 5;
const codeLives_ms = 10 * minute_ms;

type Keyed = Pick<NotificationsPorts, "vault">;

/** What stands for a code in the database, under each of the vault's keys: of a million codes a bare hash hides none. */
const digestsOf = async ({ vault }: Keyed, userId: Id<"user">, code: string): Promise<string[]> =>
  (await (await vault).digests(`phone code\n${userId}\n${code}`)).map((digest) => digest.toHex());

/** A number as a letter names it: its owner knows it by the end, a reader of the letter does not learn it. */
const maskedNumber = (number: string): string => `${number.slice(0, 3)}••••${number.slice(-3)}`;

/** A number that had SMS gets none from now on, and hears of it itself: whoever took a session reads the letters in the app. */
const tellFormer = async (tx: Tx, userId: Id<"user">, former: PhoneRow | undefined): Promise<void> => {
  if (former?.confirmed_at) await enqueue(tx, tellFormerNumber, { userId, number: former.number });
};

/**
 * Sends a code to a number; what was confirmed before stays no longer, and is told so. Refuses `notification_channel_unavailable`
 * without a gateway, `phone_codes_used_up` after five codes in a day of the person's or to the number, `session_required` to
 * API keys, and `proof_required`, since the number is told the news after the session has ended.
 */
export const setPhone = async (
  tx: Tx,
  ports: Pick<NotificationsPorts, "sms">,
  actor: Actor,
  { number }: { number: string },
): Promise<void> => {
  if (!ports.sms) throw refuse("notification_channel_unavailable", { channel: "sms" });
  ownSession(actor);
  await inPersonLately(tx, actor);
  if (!(await spendPhoneCode(tx, { by: actor.id, number }))) throw refuse("phone_codes_used_up");
  const former = await lockPhone(tx, actor.id);
  if (former?.number !== number) await tellFormer(tx, actor.id, former);
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
  { sms, vault }: Pick<NotificationsPorts, "sms" | "vault">,
  { userId, number }: { userId: Id<"user">; number: string },
): Promise<void> => {
  const user = await userById(job.db, userId);
  const code = sixDigits();
  const [digest] = await digestsOf({ vault }, userId, code);
  if (digest === undefined) throw new Error("A vault answers a digest for each of its keys");
  const stillAsked = await job.transact(async (tx) => {
    const row = await lockPhone(tx, userId);
    if (row?.number !== number || row.confirmed_at) return false;
    const until = new Date(tx.at.getTime() + codeLives_ms);
    await putPhone(tx, userId, { ...row, code_digest: digest, code_until: until, tries: 0 });
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

const equal = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/**
 * Takes the code; a letter tells of the number, whatever the person reads otherwise. Five wrong ones end it. Refuses
 * `phone_code_wrong`.
 */
export const confirmPhone = async (
  ctx: Pick<Context, "transact">,
  ports: Keyed,
  actor: Actor,
  { code }: { code: string },
): Promise<void> => {
  const digests = await digestsOf(ports, actor.id, code);
  const right = await ctx.transact(async (tx) => {
    const row = await lockPhone(tx, actor.id);
    if (!row?.code_digest || !row.code_until || row.code_until < tx.at || row.tries >= triesACode)
      return false;
    const kept = row.code_digest;
    const same = digests.some((digest) => equal(kept, digest));
    await putPhone(
      tx,
      actor.id,
      same
        ? { ...row, code_digest: null, code_until: null, confirmed_at: tx.at }
        : { ...row, tries: row.tries + 1 },
    );
    if (same) {
      const number = maskedNumber(row.number);
      await audit(tx, actor, "phone.confirm", actor.id, { after: { number } });
      await notify(tx, {
        userId: actor.id,
        template: "phone_added",
        details: { number },
        source: `phone:${actor.id}:${tx.at.getTime()}`,
      });
    }
    return same;
  });
  // The wrong try is counted: it is refused after its transaction.
  if (!right) throw refuse("phone_code_wrong");
};

/** Sends no more SMS to the number, which is told so once. */
export const forgetPhone = async (tx: Tx, actor: Actor): Promise<void> => {
  const former = await lockPhone(tx, actor.id);
  if (!former) return;
  await tellFormer(tx, actor.id, former);
  await dropPhone(tx, actor.id);
  await audit(tx, actor, "phone.drop", actor.id, { before: { number: maskedNumber(former.number) } });
};

/** The number that SMS go to when nobody is signed in; null where there is none. */
export const standingPhone = async (db: Db, userId: Id<"user">) => {
  const row = await phoneRow(db, userId);
  return row?.confirmed_at ? { number: row.number, since: row.confirmed_at } : null;
};

const farewell: Record<Locale, string> = {
  en: "EV Carbon Exchange sends no more SMS to this number. If you did not ask for that, set a new password and look under Account, Security.",
  vi: "EV Carbon Exchange sẽ không gửi SMS đến số này nữa. Nếu bạn không yêu cầu, hãy đặt mật khẩu mới và xem mục Tài khoản, Bảo mật.",
};

/** The last SMS to a number that gets no more. */
export const tellFormerly = async (
  job: JobContext,
  { sms }: Pick<NotificationsPorts, "sms">,
  { userId, number }: { userId: Id<"user">; number: string },
): Promise<void> => {
  const user = await userById(job.db, userId);
  if (!user || !sms) return;
  try {
    await sms.send({ to: number, text: farewell[user.locale], triedSince: null });
  } catch (error) {
    if (!(error instanceof Unacceptable)) throw error;
    job.log.warn({ error, userId, requestId: job.requestId }, "a former number takes no SMS any more");
  }
};
