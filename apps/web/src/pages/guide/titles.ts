/** The titles of the pages, so that the contents need none of them loaded. `guide.test.ts` holds them against the pages. */
export const titles: Readonly<Record<string, string>> = {
  "api-guide": "Guide to the API",
  formats: "Files of trips that we read",
  glossary: "Glossary",
  operations: "Operator's handbook",
  "go-live": "Taking real money",
  payments: "The life of a payment",
  security: "Security: what was tried, and where it stops",
  tour: "A purchase in seven steps",
  attacks: "Attacks",
  events: "Events",
  "database-not-writable": "Database not writable",
  "disk-full": "Disk full",
  "jobs-failed": "Jobs failed",
  "ledger-faults": "Ledger faults",
  "log-late": "Log late",
  "many-errors": "Many errors",
  "messages-late": "Messages late",
  "messages-undelivered": "Messages undelivered",
  "no-worker": "No worker",
  "nobody-knows-job": "Nobody knows job",
  "pool-exhausted": "Pool exhausted",
  "queue-late": "Queue late",
  "server-away": "Server away",
  "slow-answers": "Slow answers",
  "webhooks-late": "Webhooks late",
  "worker-missed": "Worker missed",
};

/** What the contents list, in groups; alerts stand under the handbook. */
export const groups = {
  use: ["api-guide", "formats", "glossary"],
  run: ["operations", "go-live", "payments", "security"],
  know: ["tour", "attacks", "events"],
} as const satisfies Record<string, readonly string[]>;
