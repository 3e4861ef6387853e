import { day_ms, hour_ms } from "./time.ts";

/** A zone, as far as local times need it: how far its clocks are ahead of UTC when they show this time. */
export type Zone = {
  readonly name: string;
  offsetAtLocal(local: number): number;
  /** Where clocks that went back show an instant's time once more: that later instant; else the same one. */
  again(instant: number): number;
  /** Whether the clocks of this zone change within a day of an instant. */
  changes(instant: number): boolean;
};

const utc: Zone = { name: "UTC", offsetAtLocal: () => 0, again: (instant) => instant, changes: () => false };

const offsetAt = (format: Intl.DateTimeFormat, instant: number): number => {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour % 24, minute, second) - Math.floor(instant / 1000) * 1000;
};

/** Whether a name is a zone that this machine knows ("Asia/Ho_Chi_Minh"). */
export const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/**
 * A zone by its IANA name. Where clocks go back and a local time happens twice, the first one is meant; a local time
 * that clocks skip is read with the offset before the change. Offsets are looked up once for each day that has one.
 */
export const zoneOf = (name: string): Zone => {
  if (name === "UTC") return utc;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const changes = new Map<number, boolean>();
  const days = new Map<number, number | null>();
  const exact = (local: number): number => {
    const early = offsetAt(format, local - 15 * hour_ms);
    const first = offsetAt(format, local - early);
    return offsetAt(format, local - first) === first ? first : early;
  };
  return {
    name,
    changes(instant) {
      const day = Math.floor(instant / day_ms);
      let changing = changes.get(day);
      if (changing === undefined) {
        changing = offsetAt(format, (day - 1) * day_ms) !== offsetAt(format, (day + 2) * day_ms);
        changes.set(day, changing);
      }
      return changing;
    },
    again(instant) {
      const offset = offsetAt(format, instant);
      for (const back of [hour_ms, hour_ms / 2, 2 * hour_ms])
        if (offsetAt(format, instant + back) === offset - back) return instant + back;
      return instant;
    },
    offsetAtLocal(local) {
      if (!Number.isFinite(local)) return 0;
      const day = Math.floor(local / day_ms);
      let offset = days.get(day);
      if (offset === undefined) {
        const before = exact(day * day_ms - 1);
        offset = before === exact((day + 1) * day_ms) ? before : null;
        days.set(day, offset);
      }
      return offset ?? exact(local);
    },
  };
};
