import type { Clock } from "@evx/kernel";
import type { Store, Task } from "./store.ts";

/** How the work of one kind is done. Answering a moment tries again then; throwing, a second later. */
export type Worker = (task: Task) => Promise<{ again: number } | undefined> | undefined;

/** A timer never sleeps longer than this, so a clock that a test moves is noticed. */
const LONGEST_SLEEP_MS = 250;

/**
 * Does what is due, when it is due, some of it at once.
 * A task is forgotten only after its worker returned, so a crash in between does it again.
 */
export const runTasks = (store: Store, clock: Clock, workers: Record<string, Worker>) => {
  const running = new Map<number, Promise<void>>();
  let timer: Timer | undefined;
  let stopped = false;

  const work = async (task: Task) => {
    try {
      const outcome = await workers[task.kind]?.(task);
      if (stopped) return;
      if (outcome) store.again(task, outcome.again);
      else store.done(task);
    } catch (error) {
      console.error(`Task ${task.kind} of ${task.subject} failed and is tried again.`, error);
      if (!stopped) store.again(task, clock.now().getTime() + 1_000);
    } finally {
      running.delete(task.id);
    }
  };

  const turn = () => {
    if (stopped) return;
    for (const task of store.due(clock.now().getTime())) {
      if (!running.has(task.id)) running.set(task.id, work(task));
    }
    sleep();
  };

  const sleep = () => {
    clearTimeout(timer);
    if (stopped) return;
    const next = store.nextDue();
    if (next === null) return;
    const wait = Math.max(1, Math.min(next - clock.now().getTime(), LONGEST_SLEEP_MS));
    timer = setTimeout(turn, running.size > 0 ? Math.max(wait, 20) : wait);
  };

  store.onTask(sleep);
  sleep();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.allSettled(running.values());
    },
  };
};
