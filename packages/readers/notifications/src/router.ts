import { member, operator, rest, router, selfOrOperator, told } from "@evx/rpc";
import * as inbox from "./inbox.ts";
import * as S from "./schema.ts";

/** Nothing here needs a transport: the mail leaves in a job. */
export const notificationsRouter = router({
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
  preferences: member
    .meta(told("By which ways you are told of what"))
    .output(S.Preferences)
    .query(({ ctx }) => inbox.preferencesOf(ctx.db, ctx.actor)),
  setPreference: member
    .meta(told("Choose by which way you are told of something"))
    .input(S.SetPreference)
    .output(S.Preferences)
    .mutation(({ ctx, input }) => ctx.transact((tx) => inbox.setPreference(tx, ctx.actor, input))),
  watch: member.subscription(async function* ({ ctx, signal }) {
    for await (const _ of ctx.live.watch(inbox.inboxSource, ctx.actor.id, signal))
      yield await inbox.unreadOf(ctx.db, ctx.actor);
  }),
});
