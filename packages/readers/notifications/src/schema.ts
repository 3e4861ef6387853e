import { idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

export const channels = ["in_app", "email", "sms", "push"] as const;
export type Channel = (typeof channels)[number];

export const statuses = ["unread", "read", "queued", "sent", "failed"] as const;
export type Status = (typeof statuses)[number];

/** What e-mails are about; a person switches them off by topic. Security mails have no switch. */
export const topics = ["credits", "sales", "purchases", "auctions", "money", "certificates"] as const;
export type Topic = (typeof topics)[number];

export const NotificationView = v.object({
  id: idOut("notification"),
  type: v.picklist(channels),
  subject: v.string(),
  message: v.string(),
  link: v.nullable(v.string()),
  status: v.picklist(statuses),
  readAt: v.nullable(momentOut),
  createdAt: momentOut,
});

export const NotificationPage = pageOf(NotificationView);

export const ListNotifications = v.object({ ...pageEntries, userId: idOf("user") });

export const NotificationId = v.object({ id: idOf("notification") });

export const SendNotification = v.object({
  userId: idOf("user"),
  type: v.picklist(channels),
  subject: textOf(200),
  message: textOf(5_000),
});

export const NotificationAnswer = v.object({ notification: NotificationView });

export const UnreadAnswer = v.object({ unread: v.number() });

export const Preferences = v.object({
  items: v.array(v.object({ topic: v.picklist(topics), email: v.boolean() })),
});

export const SetPreference = v.object({ topic: v.picklist(topics), email: v.boolean() });
