import { userById } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { enqueue } from "@evx/jobs";
import { type Id, newId } from "@evx/kernel";
import type { Role } from "@evx/rpc";
import { sendEmail } from "./events.ts";
import { isMailed } from "./policy.ts";
import { insertNotifications, type NewNotification, unwantedTopics } from "./queries/notifications.ts";
import { type Details, type TemplateName, write } from "./templates.ts";

/** The part of the web app in which a role works, as it stands in addresses. */
const areas: Record<Role, string> = { ev_owner: "owner", buyer: "buyer", cva: "cva", admin: "admin" };

export type NewNotice = {
  readonly userId: Id<"user">;
  readonly template: TemplateName;
  readonly details: Details;
  /** Names what happened: `order:ord_…:completed`. Told again under the same name, nothing is added. */
  readonly source: string;
};

/**
 * Tells a person of something in the app and, unless they chose otherwise, by e-mail. The mail leaves after the
 * transaction has committed. Somebody who no longer exists is told nothing.
 */
export const notify = async (tx: Tx, { userId, template, details, source }: NewNotice): Promise<void> => {
  const user = await userById(tx, userId);
  if (!user) return;
  const full = { ...details, area: areas[user.role] };
  const unwanted = await unwantedTopics(tx, userId);
  const base = {
    user_id: userId,
    template,
    details: full,
    subject: null,
    message: null,
    link: write(template, full, "en").link,
    source,
  };
  const rows: NewNotification[] = [
    { ...base, id: newId("notification"), channel: "in_app", status: "unread" },
  ];
  if (isMailed(template, unwanted))
    rows.push({ ...base, id: newId("notification"), channel: "email", status: "queued" });
  for (const row of await insertNotifications(tx, rows)) {
    if (row.channel === "email") await enqueue(tx, sendEmail, { notificationId: row.id });
  }
};
