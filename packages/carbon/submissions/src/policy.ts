/** What one call may ask for; more becomes a submission that a job works off. */
export const requestAtOnce = { trips: 20_000, lines: 25 } as const;
