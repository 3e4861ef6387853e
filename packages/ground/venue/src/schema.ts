import { idOf, idOut, inOrder, momentIn, momentOut, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";
import { levels, modes } from "./policy.ts";

export const Level = v.picklist(levels);
export const Mode = v.picklist(modes);

const Said = v.object({ en: v.string(), vi: v.string() });

/** An announcement as everybody sees it. */
export const Announced = v.object({
  id: idOut("announcement"),
  level: Level,
  text: Said,
  from: momentOut,
  until: momentOut,
});

/** What the frame of every page says of the venue. */
export const Standing = v.object({
  mode: Mode,
  /** Since when it takes no changes; null while it is open. */
  closedSince: v.nullable(momentOut),
  /** When changes should be taken again; null where nobody knows. */
  until: v.nullable(momentOut),
  announcements: v.array(Announced),
});

export const SetMode = v.object({
  mode: Mode,
  /** When it should be over. For the readers: the venue stays closed until an operator opens it. */
  until: v.optional(momentIn),
  reason: textOf(500),
});

/** A change of the mode, as operators read it. */
export const ModeLine = v.object({
  seq: v.number(),
  mode: Mode,
  until: v.nullable(momentOut),
  reason: v.string(),
  setBy: idOut("user"),
  setByName: v.nullable(v.string()),
  at: momentOut,
});

export const History = v.object({ items: v.array(ModeLine) });

export const Announce = v.pipe(
  v.object({
    level: v.optional(Level, "info"),
    en: textOf(300),
    vi: textOf(300),
    /** At once when left out. */
    from: v.optional(momentIn),
    until: momentIn,
  }),
  inOrder("from", "until"),
);

export const AnnouncementView = v.object({
  ...Announced.entries,
  /** Ended by hand, before its time. */
  endedAt: v.nullable(momentOut),
  createdBy: idOut("user"),
  createdByName: v.nullable(v.string()),
  createdAt: momentOut,
});

export const AnnouncementPage = pageOf(AnnouncementView);
export const AnnouncementId = v.object({ id: idOf("announcement") });
export const AnnouncementAnswer = v.object({ announcement: AnnouncementView });

/** How many running auctions and unpaid orders got back the time that the venue was closed. */
export const SetAnswer = v.object({ givenBack: v.object({ auctions: v.number(), orders: v.number() }) });
