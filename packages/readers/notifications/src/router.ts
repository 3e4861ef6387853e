import { member, open, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import * as inbox from "./inbox.ts";
import { leave, leavingBy } from "./leaving.ts";
import * as phones from "./phones.ts";
import type { NotificationsPorts } from "./ports.ts";
import * as S from "./schema.ts";
import { preferenceSheet, setPreferenceSheet } from "./sheet.ts";
import { sendAgain, undelivered } from "./undelivered.ts";
import * as ways from "./ways.ts";

/** When, by which browsers and by which telephone a person is told. */
const waysRoutes = (ports: NotificationsPorts) => ({
  ways: member
    .meta(told("How you are told: quiet hours, summaries, browsers, telephone"))
    .output(S.Ways)
    .query(({ ctx }) => ways.waysOf(ctx.db, ports, ctx.actor)),
  setManner: member
    .meta(told("Set your quiet hours, their time zone, and summaries"))
    .input(S.SetManner)
    .output(S.Ways)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => {
        await ways.chooseManner(tx, ctx.actor, input);
        return ways.waysOf(tx, ports, ctx.actor);
      }),
    ),
  addDevice: member
    .meta({ session: true })
    .input(S.AddDevice)
    .output(S.Ways)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => {
        await ways.addDevice(tx, ports, ctx.actor, input);
        return ways.waysOf(tx, ports, ctx.actor);
      }),
    ),
  dropDevice: member
    .meta(told("Send no more pushes to one of your browsers"))
    .input(S.DropDevice)
    .output(S.Ways)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => {
        await ways.dropDevice(tx, ctx.actor, input);
        return ways.waysOf(tx, ports, ctx.actor);
      }),
    ),
  mailAgain: member
    .meta(told("Send mails again to your address, which took none"))
    .output(S.Ways)
    .mutation(({ ctx }) =>
      ctx.transact(async (tx) => {
        await ways.mailAgain(tx, ctx.actor);
        return ways.waysOf(tx, ports, ctx.actor);
      }),
    ),
});

/** The telephone: a code goes there, and comes back. */
const phoneRoutes = (ports: NotificationsPorts) => ({
  setPhone: member
    .meta({ ...told("Send a code to your telephone, to get SMS there"), points: 5 })
    .input(S.SetPhone)
    .output(S.Ways)
    .mutation(({ ctx, input }) =>
      ctx.transact(async (tx) => {
        await phones.setPhone(tx, ports, ctx.actor, input);
        return ways.waysOf(tx, ports, ctx.actor);
      }),
    ),
  confirmPhone: member
    .meta({ ...told("Confirm your telephone by the code that was sent there"), points: 5 })
    .input(S.ConfirmPhone)
    .output(S.Ways)
    .mutation(async ({ ctx, input }) => {
      await phones.confirmPhone(ctx, ports, ctx.actor, input);
      return ways.waysOf(ctx.db, ports, ctx.actor);
    }),
  dropPhone: member
    .meta(told("Send no more SMS to your telephone, and forget its number"))
    .output(S.Ways)
    .mutation(({ ctx }) =>
      ctx.transact(async (tx) => {
        await phones.forgetPhone(tx, ctx.actor);
        return ways.waysOf(tx, ports, ctx.actor);
      }),
    ),
});

/** Links in mails, which work without signing in. */
const leavingRoutes = {
  leaving: open
    .meta(told("What a link to end mails is about"))
    .input(S.Leave)
    .output(S.Left)
    .query(({ ctx, input }) => leavingBy(ctx.db, input)),
  leave: open
    .meta(told("End the mails of a topic by the link in one of them"))
    .input(S.Leave)
    .output(S.Left)
    .mutation(({ ctx, input }) => ctx.transact((tx) => leave(tx, input, false))),
  comeBack: open
    .meta(told("Take up the mails of a topic again by the link in one of them"))
    .input(S.Leave)
    .output(S.Left)
    .mutation(({ ctx, input }) => ctx.transact((tx) => leave(tx, input, true))),
};

const operatorRoutes = {
  undelivered: operator
    .meta(told("Messages that could not be sent, and why"))
    .input(S.ListUndelivered)
    .output(S.Undelivered)
    .query(({ ctx, input }) => undelivered(ctx.db, input, ctx.locale)),
  sendAgain: operator
    .meta(told("Send messages again that could not be sent"))
    .input(S.SendAgain)
    .output(S.SentAgain)
    .mutation(({ ctx, input }) => ctx.transact((tx) => sendAgain(tx, ctx.actor, input))),
};

const inboxRoutes = {
  list: member
    .meta(rest("GET", "/notifications/{userId}", { summary: "A person's notifications, newest first" }))
    .input(S.ListNotifications)
    .output(S.NotificationPage)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return inbox.inboxOf(ctx.db, input, ctx.locale);
    }),
  read: member
    .meta(rest("PUT", "/notifications/{id}/read", { summary: "Mark a notification as read" }))
    .input(S.NotificationId)
    .output(S.NotificationAnswer)
    .mutation(({ ctx, input }) => ctx.transact((tx) => inbox.readOne(tx, ctx.actor, input.id, ctx.locale))),
  readAll: member
    .meta(told("Mark all your notifications as read"))
    .output(S.UnreadAnswer)
    .mutation(({ ctx }) => ctx.transact((tx) => inbox.readAll(tx, ctx.actor))),
  unread: member
    .meta(told("How many notifications you have not read"))
    .output(S.UnreadAnswer)
    .query(({ ctx }) => inbox.unreadOf(ctx.db, ctx.actor)),
  send: operator
    .meta(rest("POST", "/notifications/send", { status: 201, summary: "Write to one person" }))
    .input(S.SendNotification)
    .output(S.NotificationAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("notification");
      return ctx.transact((tx) => inbox.sendByHand(tx, ctx.actor, id, input, ctx.locale));
    }),
  preferenceSheet: member
    .meta(
      rest("GET", "/notifications/preferences", { summary: "By which ways you are told of what, and when" }),
    )
    .output(S.PreferenceSheet)
    .query(({ ctx }) => preferenceSheet(ctx.db, ctx.actor)),
  setPreferenceSheet: member
    .meta(
      rest("PUT", "/notifications/preferences", { summary: "Choose by which ways you are told, and when" }),
    )
    .input(S.SetPreferenceSheet)
    .output(S.PreferenceSheet)
    .mutation(({ ctx, input }) => ctx.transact((tx) => setPreferenceSheet(tx, ctx.actor, input))),
  preferences: member
    .meta(told("By which ways you are told of what"))
    .output(S.Preferences)
    .query(({ ctx }) => inbox.preferencesOf(ctx.db, ctx.actor)),
  setPreference: member
    .meta(told("Choose by which way you are told of something"))
    .input(S.SetPreference)
    .output(S.Preferences)
    .mutation(({ ctx, input }) => ctx.transact((tx) => inbox.setPreference(tx, ctx.actor, input))),
  watch: member.subscription(({ ctx, signal }) => inbox.watchUnread(ctx.live, ctx.actor, signal)),
};

/** Nothing here waits for who carries messages: they leave in jobs. */
export const notificationsRouter = (ports: NotificationsPorts) =>
  router({
    ...inboxRoutes,
    ...waysRoutes(ports),
    ...phoneRoutes(ports),
    ...leavingRoutes,
    ...operatorRoutes,
  });
