/** What is counted of the venue itself: queues, workers, messages, webhooks, books. Each is asked once a reading. */
import { bookFaults } from "@evx/certificates";
import { type Db, walState } from "@evx/db";
import { jobsHealth, workAhead } from "@evx/jobs";
import { freshFor, minute_ms, systemClock } from "@evx/kernel";
import { backlog } from "@evx/log";
import { deliveryCounts } from "@evx/notifications";
import { webhookBacklog } from "@evx/payments";
import type { Runtime } from "@evx/runtime";
import { Gauge, type Registry } from "prom-client";

/** The whole ledger is read for its books. */
const booksEvery_ms = 10 * minute_ms;

const ageOf = (now: Date, oldest: Date | null): number =>
  oldest ? Math.max(0, now.getTime() - oldest.getTime()) : 0;

const gauge = (registry: Registry, name: string, help: string, labelNames: string[] = []) =>
  new Gauge({ name, help, labelNames, registers: [registry] });

type Make = (name: string, help: string, ...labels: string[]) => Gauge;
type Reading = (now: Date) => Promise<void>;

/** Queues, workers, and jobs that nobody takes or that do not end. */
const jobGauges = (db: Db, make: Make): Reading => {
  const outbox = make("evx_outbox_waiting", "Jobs and events that no worker has taken over yet.");
  const unknown = make(
    "evx_outbox_unknown",
    "Outbox rows that no running worker has taken for a minute.",
    "kind",
    "name",
  );
  const waiting = make("evx_queue_waiting", "Jobs that wait, by queue.", "queue");
  const age = make("evx_queue_age_ms", "Age of the oldest job that is due, by queue.", "queue");
  const failed = make(
    "evx_jobs_failed",
    "Jobs that failed for good and wait for an operator, by queue.",
    "queue",
  );
  const stubborn = make(
    "evx_jobs_stubborn",
    "Jobs that were begun five times or more and are not done.",
    "queue",
  );
  const workers = make("evx_workers", "Workers that report, and those that are missed.", "state");
  return async (now) => {
    const [ahead, { workers: found }] = await Promise.all([workAhead(db, now), jobsHealth(db, now)]);
    for (const one of [unknown, waiting, age, failed, stubborn]) one.reset();
    for (const { queue, count } of ahead.stubborn) stubborn.set({ queue }, count);
    outbox.set(ahead.outbox);
    for (const { kind, name, waiting: count } of ahead.unknown) unknown.set({ kind, name }, count);
    for (const { queue, oldest, ...counts } of ahead.queues) {
      waiting.set({ queue }, counts.waiting);
      failed.set({ queue }, counts.failed);
      age.set({ queue }, ageOf(now, oldest));
    }
    workers.set({ state: "working" }, found.working);
    workers.set({ state: "silent" }, found.silent.length);
  };
};

/** Messages that should leave, webhooks that came, entries on their way to the public log. */
const outsideGauges = (db: Db, make: Make): Reading => {
  const messages = make(
    "evx_messages",
    "Messages that wait, or of the last week could not be delivered.",
    "channel",
    "status",
  );
  const messageAge = make(
    "evx_message_age_ms",
    "Age of the oldest message that should have left.",
    "channel",
  );
  const webhooks = make("evx_webhooks_waiting", "Gateways' webhooks that are stored and not done.");
  const webhookLag = make("evx_webhook_lag_ms", "Age of the oldest webhook that is not done.");
  const logWaiting = make("evx_log_waiting", "Entries that are not in the public log yet.");
  const logLag = make("evx_log_lag_ms", "Age of the oldest entry that is not in the public log yet.");
  return async (now) => {
    const [counts, hooks, log] = await Promise.all([
      deliveryCounts(db, now),
      webhookBacklog(db),
      backlog(db),
    ]);
    messages.reset();
    messageAge.reset();
    for (const { channel, status, count, oldest } of counts) {
      messages.set({ channel, status }, Number(count));
      if (status === "queued") messageAge.set({ channel }, ageOf(now, oldest));
    }
    webhooks.set(hooks.waiting);
    webhookLag.set(ageOf(now, hooks.oldest));
    logWaiting.set(Number(log.waiting));
    logLag.set(ageOf(now, log.oldest));
  };
};

/** Log that the database keeps for replicas and the archive. */
const walGauges = (db: Db, make: Make): Reading => {
  const behind = make("evx_wal_kept_bytes", "Log that is kept for a replica's place.", "place", "active");
  const archive = make("evx_wal_archive_fails", "1 while the log cannot be archived.");
  return async () => {
    const { places, archiveFails } = await walState(db);
    behind.reset();
    for (const { name, active, kept } of places) behind.set({ place: name, active: String(active) }, kept);
    archive.set(archiveFails ? 1 : 0);
  };
};

/** Registers the gauges; answers what reads them up, to be called before each reading of the registry. */
export const venueGauges = (runtime: Runtime, registry: Registry): (() => Promise<void>) => {
  const { db, clock } = runtime;
  const make: Make = (name, help, ...labels) => gauge(registry, name, help, labels);
  const readings = [jobGauges(db, make), outsideGauges(db, make), walGauges(db, make)];
  const faults = make("evx_ledger_faults", "Places where the ledger's books do not agree with themselves.");
  const clockOff = make("evx_clock_off_ms", "How far this machine's clock is from the database's.");
  const pool = make("evx_database_pool", "Connections of this process to the database.", "state");
  const books = freshFor(booksEvery_ms, () => bookFaults(db));
  return async () => {
    for (const [state, count] of Object.entries(runtime.poolState())) pool.set({ state }, count);
    const now = clock.now();
    clockOff.set(Math.abs(systemClock.now().getTime() - now.getTime()));
    // What cannot be read is left as it was; that the database is away is said by another number.
    await Promise.allSettled([
      ...readings.map((read) => read(now)),
      books().then((found) => faults.set(found.length)),
    ]);
  };
};
