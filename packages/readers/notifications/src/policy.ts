import { day_ms, type Locale, minute_ms } from "@evx/kernel";
import type { Details } from "./templates.ts";

/** How a person wants to be told. Minutes since midnight in their zone. */
export type Manner = {
  readonly zone: string;
  readonly quiet: { readonly from: number; readonly to: number } | null;
  readonly digest: "off" | "daily" | "weekly";
};

export const usualManner: Manner = { zone: "UTC", quiet: null, digest: "off" };

/** When summaries are sent: eight in the morning where the person is, the weekly one on Mondays. */
const digestMinute = 8 * 60;

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** The zone that a person reads times in: their own, and before they chose one that of most who read their language. */
export const zoneOf = (manner: Pick<Manner, "zone"> | null, locale: Locale): string => {
  const chosen = manner?.zone ?? usualManner.zone;
  return chosen === usualManner.zone && locale === "vi" ? "Asia/Ho_Chi_Minh" : chosen;
};

/** The minute of the day and the weekday (0 is Sunday) that a moment is in a zone. */
const localOf = (at: Date, zone: string): { minute: number; weekday: number } => {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return {
    minute: Number(part("hour")) * 60 + Number(part("minute")),
    weekday: weekdays.indexOf(part("weekday")),
  };
};

const wrapped = (minutes: number): number => ((minutes % 1440) + 1440) % 1440;

/** The next moment after `at` at which clocks in the zone show this minute of the day. Where a clock change leaves it out: an hour on. */
export const nextAt = (at: Date, minute: number, zone: string): Date => {
  const start = Math.floor(at.getTime() / minute_ms) * minute_ms;
  const ahead = wrapped(minute - localOf(at, zone).minute) || 1440;
  const guess = new Date(start + ahead * minute_ms);
  // A change of the clocks on the way moves the guess by the difference.
  const off = wrapped(minute - localOf(guess, zone).minute + 720) - 720;
  const put = new Date(guess.getTime() + off * minute_ms);
  return localOf(put, zone).minute === minute && put > at ? put : guess;
};

/** When a person's quiet hours end, or null when a moment is in none. */
export const quietUntil = (at: Date, { zone, quiet }: Manner): Date | null => {
  if (!quiet || quiet.from === quiet.to) return null;
  const since = wrapped(localOf(at, zone).minute - quiet.from);
  return since < wrapped(quiet.to - quiet.from) ? nextAt(at, quiet.to, zone) : null;
};

/** When a person's next summary is due; never in their quiet hours. Null where they want none. */
export const digestDue = (at: Date, manner: Manner): Date | null => {
  if (manner.digest === "off") return null;
  let due = nextAt(at, digestMinute, manner.zone);
  while (manner.digest === "weekly" && localOf(due, manner.zone).weekday !== 1)
    due = nextAt(due, digestMinute, manner.zone);
  return quietUntil(due, manner) ?? due;
};

/** Until when it is of use to know of something: an auction's end, the last moment to pay. */
export const deadlineOf = ({ expiresAt, endsAt }: Details): Date | null => {
  const text = expiresAt ?? endsAt;
  return text === undefined ? null : new Date(text);
};

export type Leaving = { notBefore: Date | null; digest: boolean };

/**
 * When a message leaves. What can be switched off waits for the summary, unless it has a deadline, and otherwise for the
 * end of the quiet hours, unless the deadline is over by then. What cannot (lost money, access) is mailed at once, and
 * rings nowhere at night.
 */
export const leavingOf = (
  at: Date,
  manner: Manner,
  {
    channel,
    topic,
    deadline,
  }: { channel: "email" | "push" | "sms"; topic: string | null; deadline: Date | null },
): Leaving => {
  if (channel === "email" && topic === null) return { notBefore: null, digest: false };
  const due = channel === "email" && deadline === null ? digestDue(at, manner) : null;
  if (due) return { notBefore: due, digest: true };
  const quiet = quietUntil(at, manner);
  return { notBefore: quiet && deadline && deadline <= quiet ? null : quiet, digest: false };
};

/** How long a message is of use after it may leave; then it is given up, and its row says so. */
export const usefulMs = { email: day_ms, push: day_ms, sms: 6 * 60 * minute_ms } as const;

const said = {
  en: {
    gone: "The receiver no longer exists.",
    stopped: "The address takes no mail: {why}",
    refused: "Refused: {why}",
    back: "Came back: {why}",
    day: "Given up after {tries} tries in a day: {why}",
    hours: "Given up after {tries} tries in six hours: {why}",
  },
  vi: {
    gone: "Người nhận không còn tồn tại.",
    stopped: "Địa chỉ không nhận thư: {why}",
    refused: "Bị từ chối: {why}",
    back: "Thư bị trả lại: {why}",
    day: "Đã bỏ sau {tries} lần thử trong một ngày: {why}",
    hours: "Đã bỏ sau {tries} lần thử trong sáu giờ: {why}",
  },
} as const;

/** Why a message could not be sent, as an operator reads it; what the other server answered stays in its words. */
export const undeliveredReason = (reason: string, locale: "en" | "vi"): string => {
  const words = said[locale];
  const stopped = /^Refused: The address takes no mail: (.*)$/s.exec(reason);
  if (stopped) return words.stopped.replace("{why}", () => stopped[1] ?? "");
  const refused = /^Refused: (.*)$/s.exec(reason);
  if (refused) return words.refused.replace("{why}", () => refused[1] ?? "");
  const back = /^Came back: (.*)$/s.exec(reason);
  if (back) return words.back.replace("{why}", () => back[1] ?? "");
  const [, tries, span, why] = /^Given up after (\d+) tries in (a day|six hours): (.*)$/s.exec(reason) ?? [];
  if (reason === "The receiver no longer exists.") return words.gone;
  if (tries === undefined) return reason;
  return words[span === "a day" ? "day" : "hours"]
    .replace("{tries}", tries)
    .replace("{why}", () => why ?? "");
};
