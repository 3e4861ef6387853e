import { idOf, idOut, momentOut, pageEntries, pageOf, textOf, zoneIn } from "@evx/kernel";
import * as v from "valibot";

export const channels = ["in_app", "email", "sms", "push"] as const;
export type Channel = (typeof channels)[number];

export const statuses = ["unread", "read", "queued", "sent", "failed"] as const;
export type Status = (typeof statuses)[number];

/** What e-mails are about; a person switches them off by topic. Security mails have no switch. */
export const topics = [
  "credits",
  "sales",
  "purchases",
  "auctions",
  "money",
  "certificates",
  "reports",
] as const;
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

/** `type`: those of one channel alone. */
export const ListNotifications = v.object({
  ...pageEntries,
  userId: idOf("user"),
  type: v.optional(v.picklist(channels)),
});

export const NotificationId = v.object({ id: idOf("notification") });

export const SendNotification = v.object({
  userId: idOf("user"),
  type: v.picklist(channels),
  subject: textOf(200),
  message: textOf(5_000),
});

export const NotificationAnswer = v.object({ notification: NotificationView });

export const UnreadAnswer = v.object({ unread: v.number() });

/** Channels that a person switches by topic. */
export const switched = ["email", "push", "sms"] as const;
export type Switched = (typeof switched)[number];

const Preference = v.object({
  topic: v.picklist(topics),
  email: v.boolean(),
  push: v.boolean(),
  sms: v.boolean(),
});

export const Preferences = v.object({ items: v.array(Preference) });

/** What is left out stays as it is. */
export const SetPreference = v.object({
  topic: v.picklist(topics),
  email: v.optional(v.boolean()),
  push: v.optional(v.boolean()),
  sms: v.optional(v.boolean()),
});

/** What a person is told by which way until they choose: all but what comes by the calendar, which they ask for. */
export const usualWays = (topic: Topic): { email: boolean; push: boolean; sms: boolean } => ({
  email: topic !== "reports",
  push: topic !== "reports",
  sms: false,
});

const timeOfDay = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Enter a time of day such as 22:00."),
);

/** Hours that end as they begin would be none, though whoever set them thinks that they are. */
const endsLater = <Hours extends { from: string; to: string }>() =>
  v.check<Hours, string>(
    ({ from, to }) => from !== to,
    "Quiet hours need an end that differs from their beginning.",
  );

export const digests = ["off", "daily", "weekly"] as const;

const mannerEntries = {
  zone: zoneIn,
  quiet: v.nullable(v.pipe(v.object({ from: timeOfDay, to: timeOfDay }), endsLater())),
  digest: v.picklist(digests),
};

export const SetManner = v.object(mannerEntries);

const wanted = v.object({ email: v.boolean(), push: v.boolean(), sms: v.boolean() });
const perhaps = v.optional(v.partial(wanted));

/**
 * GET and PUT /notifications/preferences. `channels` says whether anything at all goes that way; setting one sets it for every
 * kind, before `kinds` are set. What is left out stays; `quietHours: null` ends them.
 */
export const PreferenceSheet = v.object({
  channels: wanted,
  kinds: v.object({
    credits: wanted,
    sales: wanted,
    purchases: wanted,
    auctions: wanted,
    money: wanted,
    certificates: wanted,
    reports: wanted,
  } satisfies Record<Topic, typeof wanted>),
  quietHours: v.nullable(v.object({ from: timeOfDay, to: timeOfDay, zone: v.string() })),
});

export const SetPreferenceSheet = v.strictObject({
  channels: perhaps,
  kinds: v.optional(
    v.strictObject({
      credits: perhaps,
      sales: perhaps,
      purchases: perhaps,
      auctions: perhaps,
      money: perhaps,
      certificates: perhaps,
      reports: perhaps,
    } satisfies Record<Topic, typeof perhaps>),
  ),
  quietHours: v.optional(
    v.nullable(
      v.pipe(v.strictObject({ from: timeOfDay, to: timeOfDay, zone: v.optional(zoneIn) }), endsLater()),
    ),
  ),
});

const Device = v.object({ id: v.string(), label: v.string(), createdAt: momentOut });

export const Ways = v.object({
  manner: v.object({
    zone: v.string(),
    quiet: v.nullable(v.object({ from: v.string(), to: v.string() })),
    digest: v.picklist(digests),
  }),
  email: v.object({
    address: v.string(),
    stopped: v.nullable(
      v.object({ kind: v.picklist(["bounced", "complained"]), reason: v.string(), at: momentOut }),
    ),
  }),
  push: v.object({ publicKey: v.nullable(v.string()), devices: v.array(Device) }),
  sms: v.object({
    offered: v.boolean(),
    phone: v.nullable(v.object({ number: v.string(), confirmed: v.boolean() })),
  }),
});

const base64url = (least: number, most: number) =>
  v.pipe(v.string(), v.regex(/^[\w-]+=*$/, "must be base64url"), v.minLength(least), v.maxLength(most));

/** A browser's PushSubscription as its `toJSON` says it, and what people call the browser. */
export const AddDevice = v.object({
  endpoint: v.pipe(v.string(), v.url(), v.maxLength(1_000)),
  keys: v.object({ p256dh: base64url(80, 100), auth: base64url(20, 30) }),
  label: textOf(100),
});

export const DropDevice = v.object({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });

export const SetPhone = v.object({
  number: v.pipe(
    v.string(),
    v.transform((text) => text.replace(/[ ().-]/g, "")),
    v.regex(/^\+[1-9]\d{6,14}$/, "Enter the number with its country, such as +84 90 123 45 67."),
  ),
});

export const ConfirmPhone = v.object({
  code: v.pipe(v.string(), v.trim(), v.regex(/^\d{6}$/, "The code has six digits.")),
});

/** What a mail's link names: the person by a secret, and the topic. */
export const Leave = v.object({
  token: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  topic: v.picklist(topics),
});

export const Left = v.object({ topic: v.picklist(topics), address: v.string(), wanted: v.boolean() });

export const Undelivered = pageOf(
  v.object({
    id: idOut("notification"),
    userId: idOut("user"),
    name: v.string(),
    type: v.picklist(channels),
    subject: v.string(),
    reason: v.string(),
    createdAt: momentOut,
  }),
);

export const ListUndelivered = v.object(pageEntries);

export const SentAgain = v.object({ queued: v.number() });

/** All that failed since a moment are sent again, or one. */
export const SendAgain = v.object({
  ids: v.pipe(v.array(idOf("notification")), v.minLength(1), v.maxLength(100)),
});
