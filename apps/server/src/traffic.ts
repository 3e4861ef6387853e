import { refuseBusy } from "@evx/kernel";

/**
 * What one server takes on at once. More would make everybody wait for all of it: whoever comes beyond is told at once
 * when to ask again, and those who were let in are answered in their usual time.
 */
export type Traffic = {
  /** Counts a request while it is worked on. Refuses `server_busy` beyond the limit. */
  admit<T>(work: () => Promise<T>): Promise<T>;
  /** Whether this server is being taken out: it answers, and asks balancers and streams to go elsewhere. */
  readonly leaving: boolean;
  leave(): void;
};

export const createTraffic = ({ most }: { most: number }): Traffic => {
  let running = 0;
  let leaving = false;
  return {
    async admit(work) {
      if (running >= most) throw refuseBusy("server_busy", { seconds: 2 });
      running++;
      try {
        return await work();
      } finally {
        running--;
      }
    },
    get leaving() {
      return leaving;
    },
    leave() {
      leaving = true;
    },
  };
};
