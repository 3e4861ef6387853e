import { page } from "@evx/kernel";
import { open, operator, rest, router } from "@evx/rpc";
import { announce, announcements, endAnnouncement } from "./announcements.ts";
import * as S from "./schema.ts";
import { modeHistory, setMode, standing, type VenuePorts } from "./standing.ts";

/** Whether the venue takes changes, and what is announced on it. */
export const venueRouter = (ports: VenuePorts) =>
  router({
    standing: open
      .meta(
        rest("GET", "/public/venue", { summary: "Whether the venue takes changes, and what it announces" }),
      )
      .output(S.Standing)
      .query(({ ctx }) => standing(ctx.db, ctx.clock.now())),
    history: operator
      .meta(rest("GET", "/admin/venue", { summary: "Who closed and opened the venue, when and why" }))
      .output(S.History)
      .query(({ ctx }) => modeHistory(ctx.db, ports)),
    set: operator
      .meta(rest("PUT", "/admin/venue", { summary: "Close the venue for changes, or open it again" }))
      .input(S.SetMode)
      .output(S.SetAnswer)
      .mutation(({ ctx, input }) => ctx.transact((tx) => setMode(tx, ports, ctx.actor, input))),
    announcements: operator
      .meta(rest("GET", "/admin/announcements", { summary: "All announcements, newest first" }))
      .input(page)
      .output(S.AnnouncementPage)
      .query(({ ctx, input }) => announcements(ctx.db, ports, input)),
    announce: operator
      .meta(rest("POST", "/admin/announcements", { status: 201, summary: "Announce something to everybody" }))
      .input(S.Announce)
      .output(S.AnnouncementAnswer)
      .mutation(async ({ ctx, input }) => ({
        announcement: await ctx.transact((tx) => announce(tx, ports, ctx.actor, input)),
      })),
    endAnnouncement: operator
      .meta(rest("DELETE", "/admin/announcements/{id}", { summary: "Take an announcement down" }))
      .input(S.AnnouncementId)
      .output(S.AnnouncementAnswer)
      .mutation(async ({ ctx, input }) => ({
        announcement: await ctx.transact((tx) => endAnnouncement(tx, ports, ctx.actor, input.id)),
      })),
  });
