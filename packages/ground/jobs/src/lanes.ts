import type { Handler } from "./define.ts";
import type { Attempt, Claimed, Room } from "./queries/index.ts";
import type { Reason } from "./reasons.ts";

/** What is kept of an attempt that failed: what was thrown, as text, and why in words. */
export type Failure = { message: string; reason: Reason };

/** How one run of a job ended. */
export type Outcome = { ok: true } | { ok: false; failure: Failure };

/** Short jobs are claimed so many at a time, because a claim costs as much as a short job. */
const shortBuffer = 25;

/** While somebody waits for a job in hand, so many for which nobody waits run at once: they get on, and take little. */
const lastLanes = 2;

type Place = {
  readonly handler: Handler;
  readonly waiting: Claimed[];
  running: number;
  /** Whether its queue may hold more than was claimed. */
  more: boolean;
};

type Options = {
  handlers: Iterable<Handler>;
  run(handler: Handler, job: Claimed): Promise<Outcome>;
  /** Notes that an attempt failed. Never throws. */
  fail(attempt: Attempt, failure: Failure): Promise<void>;
  /** Told when a lane has nothing to do and its queue may hold more. */
  hungry(): void;
};

/**
 * The places in which one worker does jobs: `handler.concurrency` lanes for each queue. A lane that is done takes the next
 * job, whatever the others still do, so a slow job holds up its own lane and nothing else. Long jobs are claimed only when a
 * lane is free for them, so that none waits here while another worker is idle.
 */
export class Lanes {
  readonly #options: Options;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #first: readonly Place[];
  readonly #last: Place[];
  readonly #inHand = new Map<string, Claimed>();
  #done: Claimed[] = [];
  #closed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#places = new Map(
      [...options.handlers].map((handler) => [
        handler.queue,
        { handler, waiting: [], running: 0, more: true },
      ]),
    );
    const places = [...this.#places.values()];
    this.#first = places.filter(({ handler }) => handler.turn === "first");
    this.#last = places.filter(({ handler }) => handler.turn === "last");
  }

  /** How many lanes are left to work for which nobody waits. */
  #lanesForLast(): number {
    if (!this.#first.some(({ running, waiting }) => running + waiting.length > 0))
      return Number.POSITIVE_INFINITY;
    return lastLanes - this.#last.reduce((sum, { running }) => sum + running, 0);
  }

  /** How many jobs of a queue may be claimed now. */
  room(queue: string): number {
    const place = this.#places.get(queue);
    if (!place || this.#closed) return 0;
    const free = place.handler.concurrency - place.running - place.waiting.length;
    if (free <= 0) return 0;
    const room = place.handler.long ? free : Math.max(free, shortBuffer);
    // What would only wait here is left to a worker that has less to do.
    return place.handler.turn === "last" ? Math.max(0, Math.min(room, this.#lanesForLast())) : room;
  }

  /** The queues with room; all, or those that may hold more than was claimed. */
  rooms(which: "all" | "more"): Room[] {
    return [...this.#places].flatMap(([queue, { more }]) => {
      const room = which === "all" || more ? this.room(queue) : 0;
      return room > 0 ? [{ queue, room }] : [];
    });
  }

  /** These queues hold more than was claimed. */
  expect(queues: Iterable<string>): void {
    for (const queue of queues) {
      const place = this.#places.get(queue);
      if (place) place.more = true;
    }
  }

  /** Takes in what was claimed where there was so much room, and begins as much as there are lanes for. */
  begin(jobs: readonly Claimed[], asked: readonly Room[] = []): void {
    const byQueue = Map.groupBy(jobs, ({ queue }) => queue);
    for (const { queue, room } of asked) {
      const place = this.#places.get(queue);
      if (place) place.more = (byQueue.get(queue)?.length ?? 0) >= room;
    }
    for (const [queue, some] of byQueue) {
      const place = this.#places.get(queue);
      if (!place) continue;
      for (const job of some) this.#inHand.set(job.id, job);
      place.waiting.push(...some);
      this.#fill(place);
    }
  }

  #fill(place: Place): void {
    const { run } = this.#options;
    const isLast = place.handler.turn === "last";
    while (!this.#closed && place.running < place.handler.concurrency) {
      if (isLast && place.waiting.length > 0 && this.#lanesForLast() <= 0) return;
      const job = place.waiting.shift();
      if (!job) return;
      place.running++;
      void run(place.handler, job)
        .then((outcome) => this.#end(job, outcome))
        .finally(() => {
          place.running--;
          this.#fill(place);
          this.#fillLast();
          if (place.more && this.room(place.handler.queue) > 0) this.#options.hungry();
        });
    }
  }

  /** Begins what had to wait for others, each queue in turn. */
  #fillLast(): void {
    const waits = this.#last.findIndex(({ waiting }) => waiting.length > 0);
    if (waits < 0 || this.#lanesForLast() <= 0) return;
    for (const place of this.#last.slice(waits)) this.#fill(place);
    this.#last.push(...this.#last.splice(0, waits + 1));
  }

  async #end(job: Claimed, outcome: Outcome): Promise<void> {
    if (outcome.ok) return void this.#done.push(job);
    await this.#options.fail(job, outcome.failure);
    this.#inHand.delete(job.id);
  }

  /** What was claimed and not begun, of one queue or of all: it is no longer here. */
  letGo(queue?: string): Claimed[] {
    const some = queue === undefined ? [...this.#places.values()] : [this.#places.get(queue)];
    const jobs = some.flatMap((place) => place?.waiting.splice(0) ?? []);
    for (const { id } of jobs) this.#inHand.delete(id);
    this.expect(jobs.map((job) => job.queue));
    return jobs;
  }

  /** Notes with `note` what is done since the last time. What could not be noted is noted the next time. */
  async settle(note: (attempts: readonly Attempt[]) => Promise<void>): Promise<void> {
    const batch = this.#done;
    if (batch.length === 0) return;
    this.#done = [];
    try {
      await note(batch);
    } catch (error) {
      this.#done = [...batch, ...this.#done];
      throw error;
    }
    for (const { id } of batch) this.#inHand.delete(id);
  }

  get inHand(): Attempt[] {
    return [...this.#inHand.values()];
  }

  get running(): number {
    return [...this.#places.values()].reduce((sum, { running }) => sum + running, 0);
  }

  /** Begins nothing more. */
  close(): void {
    this.#closed = true;
  }
}
