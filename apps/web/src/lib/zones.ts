import { formatLocale } from "./locale.ts";
import { serverNow } from "./time.ts";

/** A zone in a list of zones: "Asia/Ho_Chi_Minh" → "Asia/Ho Chi Minh". */
export const zoneName = (zone: string): string => zone.replaceAll("_", " ");

/** A zone's time within a sentence: "Vietnam time", "giờ Việt Nam". Zones of one time have one name. */
export const zoneTime = (zone: string): string => {
  if (zone === "UTC") return formatLocale() === "vi-VN" ? "giờ UTC" : "UTC";
  // Nobody in Vietnam calls it Indochina's.
  if (zone === "Asia/Ho_Chi_Minh" || zone === "Asia/Saigon")
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
