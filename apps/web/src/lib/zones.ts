import { todaysZone } from "@evx/kernel";
import { formatLocale } from "./locale.ts";
import { serverNow } from "./time.ts";

/** A zone in a list of zones, by today's name: "Asia/Saigon" → "Asia/Ho Chi Minh". */
export const zoneName = (zone: string): string => todaysZone(zone).replaceAll("_", " ");

/** The reader's own, by today's name. */
export const ownZone = (): string =>
  todaysZone(new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC");

/** Nobody has chosen UTC: who has it has chosen nothing yet, and their browser knows better. */
export const isUnchosen = ({ zone, quiet }: { zone: string; quiet: object | null }): boolean =>
  zone === "UTC" && quiet === null;

/** A zone's time within a sentence: "Vietnam time", "giờ Việt Nam". Zones of one time have one name. */
export const zoneTime = (zone: string): string => {
  if (zone === "UTC") return formatLocale() === "vi-VN" ? "giờ UTC" : "UTC";
  // Nobody in Vietnam calls it Indochina's.
  if (todaysZone(zone) === "Asia/Ho_Chi_Minh")
    return formatLocale() === "vi-VN" ? "giờ Việt Nam" : "Vietnam time";
  const parts = new Intl.DateTimeFormat(formatLocale(), {
    timeZone: zone,
    timeZoneName: "longGeneric",
  }).formatToParts();
  const said = parts.find(({ type }) => type === "timeZoneName")?.value ?? zoneName(zone);
  return said.replace(/^Giờ /, "giờ ");
};

/** The day of a moment in a zone, as forms and the wire write it: "2026-03-01". */
export const dayIn = (zone: string, at: number): string =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(at);

/** Today by the server's clock, where a vehicle is. */
export const todayIn = (zone: string): string => dayIn(zone, serverNow());
