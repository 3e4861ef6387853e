import { refusals } from "./refusal.ts";

/** Refusals of work that is costly and bounded. */
export const refuseBusy = refusals({
  server_busy: {
    kind: "unavailable",
    en: "Many people ask for this at the moment. Nothing was done; ask again in {seconds} s.",
    vi: "Hiện có nhiều người cùng yêu cầu việc này. Chưa có gì được thực hiện; hãy thử lại sau {seconds} giây.",
  },
});

/**
 * Lets a bounded number of works run at once, and a bounded number wait for their turn. Refuses `server_busy` at once
 * when too many wait already.
 */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A gate for work that takes a processor for long: hashing a password, drawing a page. Without one a hundred requests
 * make everybody else wait for all of them. `atOnce` run, `waiting` stand in line, whoever comes later is told when to
 * ask again (`seconds`).
 */
export const createGate = ({
  atOnce,
  waiting,
  seconds = 5,
}: {
  atOnce: number;
  waiting: number;
  seconds?: number;
}): Gate => {
  const line: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (line.length >= waiting) throw refuseBusy("server_busy", { seconds });
      // Whoever leaves hands their place on, so nobody new can slip in between.
      await new Promise<void>((turn) => line.push(turn));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };
};
