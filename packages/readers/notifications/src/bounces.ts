/** Mails that come back after the mail server had taken them: reports of RFC 3464 (bounces) and RFC 5965 (complaints). */
import { userById } from "@evx/accounts";
import { type Id, isId } from "@evx/kernel";
import type { Context } from "@evx/rpc";
import { mailRow, noteReturned } from "./queries/delivery.ts";
import { noteBounced } from "./queries/ways.ts";

export type Report = {
  kind: "bounced" | "complained";
  notificationId: Id<"notification">;
  /** Whether the address takes no other mail either. */
  lasting: boolean;
  reason: string;
};

const field = (text: string, name: string): string | null =>
  new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t]+.*)*)`, "im")
    .exec(text)?.[1]
    ?.replace(/\s+/g, " ")
    .trim() ?? null;

/** What a report says of one of our mails; null for what is no report, a delay, or about another's mail. */
const readReport = (text: string): Report | null => {
  const id = /<(ntf_[0-9a-z]{26})@evx>/.exec(text)?.[1];
  if (!id || !isId("notification", id)) return null;
  if (/^Feedback-Type:[ \t]*abuse/im.test(text))
    return {
      kind: "complained",
      notificationId: id,
      lasting: true,
      reason: "The receiver marked a mail as spam.",
    };
  if (field(text, "Action")?.toLowerCase() !== "failed") return null;
  const status = /^\d\.\d{1,3}\.\d{1,3}/.exec(field(text, "Status") ?? "")?.[0] ?? "5.0.0";
  const said = (field(text, "Diagnostic-Code") ?? "").slice(0, 250);
  return {
    kind: "bounced",
    notificationId: id,
    lasting: /^5\.(1\.|2\.1)/.test(status),
    reason: `${status} ${said}`.trim(),
  };
};

/**
 * Takes a report that the mail server hands on. The mail counts as failed, and an address that takes none, or whose
 * owner called one spam, gets no more until its person says otherwise. Answers whether it was about one of ours.
 */
export const receiveReport = async (
  ctx: Pick<Context, "db" | "transact">,
  text: string,
): Promise<boolean> => {
  const report = readReport(text);
  const mail = report && (await mailRow(ctx.db, report.notificationId));
  if (!report || !mail) return false;
  const user = await userById(ctx.db, mail.user_id);
  await ctx.transact(async (tx) => {
    if (report.kind === "bounced")
      await noteReturned(tx, report.notificationId, `Came back: ${report.reason}`);
    // An address that was changed since is not the one that refused.
    const same = user && text.toLowerCase().includes(user.email.toLowerCase());
    if (same && report.lasting) await noteBounced(tx, user.email, report);
  });
  return true;
};
