import { minute_ms } from "@evx/kernel";

/**
 * Whether the venue takes changes. `read_only`: people read, operators act, and what moves money or ends a chance to act
 * waits. `maintenance`: all other work that runs behind waits, too, save letters.
 */
export const modes = ["open", "read_only", "maintenance"] as const;

export type Mode = (typeof modes)[number];

/** What an announcement asks of its reader: to know, to prepare, to act now. */
export const levels = ["info", "warning", "urgent"] as const;

/** How a kind of work behind stands to a closed venue; nothing said: it goes on in `read_only`. */
export type WorkTraits = { readonly movesMoney?: boolean; readonly always?: boolean };

/** Whether a kind of work waits until the venue is open again. */
export const waits = (mode: Mode, work: WorkTraits): boolean => {
  if (mode === "open" || work.always) return false;
  return mode === "maintenance" || work.movesMoney === true;
};

/** Nobody knows the end of an incident: whoever asks too early is told to ask again after this. */
const unknownEnd_min = 5;

/** Whole minutes after which a refused change may be tried again: until the expected end, at least one, at most a day. */
export const minutesUntil = (until: Date | null, now: Date): number => {
  if (!until || until <= now) return unknownEnd_min;
  return Math.min(Math.ceil((until.getTime() - now.getTime()) / minute_ms), 24 * 60);
};
