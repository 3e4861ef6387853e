import { systemClock } from "@evx/kernel";

const given = process.argv[3];

/** The moment that a world is laid out for: now, or the one that is given, so that a year can be laid out again as it was. */
export const present: Date = given ? new Date(given) : systemClock.now();

const day_ms = 86_400_000;
export const daysAgo = (days: number): Date => new Date(present.getTime() - days * day_ms);
