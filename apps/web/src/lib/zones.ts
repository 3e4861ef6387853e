import { serverNow } from "./time.ts";

/** A zone as people read it: "Asia/Ho_Chi_Minh" → "Asia/Ho Chi Minh". */
export const zoneName = (zone: string): string => zone.replaceAll("_", " ");

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
