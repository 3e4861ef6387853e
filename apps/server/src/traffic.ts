import { refuseBusy } from "@evx/kernel";

/**
 * What one server takes on at once. More would make everybody wait for all of it: whoever comes beyond is told at once
 * when to ask again, and those who were let in are answered in their usual time.
 */
export type Traffic = {
  /**
   * Counts a request while it is worked on, for whom. Refuses `server_busy` beyond what the server takes on, and beyond half
   * of it for one person or network.
   */
  admit<T>(whose: string, work: () => Promise<T>): Promise<T>;
  /** The same for uploads, which last as long as their senders take: a fifth of the places, of which one has a fifth. */
  admitUpload<T>(whose: string, work: () => Promise<T>): Promise<T>;
  /** Whether this server is being taken out: it answers, and asks balancers and streams to go elsewhere. */
  readonly leaving: boolean;
  leave(): void;
  /** Whether it is about to let nobody in any more. */
  readonly closing: boolean;
  close(): void;
};

/** So many at once, and so many for one. */
const places = (most: number, share: number) => {
  const theirs = new Map<string, number>();
  let running = 0;
  return async <T>(whose: string, work: () => Promise<T>): Promise<T> => {
    const own = theirs.get(whose) ?? 0;
    if (running >= most || own >= share) throw refuseBusy("server_busy", { seconds: 2 });
    running++;
    theirs.set(whose, own + 1);
    try {
      return await work();
    } finally {
      running--;
      const left = (theirs.get(whose) ?? 1) - 1;
      if (left > 0) theirs.set(whose, left);
      else theirs.delete(whose);
    }
  };
};

export const createTraffic = ({ most }: { most: number }): Traffic => {
  const uploads = Math.max(5, Math.floor(most / 5));
  let [leaving, closing] = [false, false];
  return {
    admit: places(most, Math.max(10, Math.floor(most / 2))),
    admitUpload: places(uploads, Math.max(5, Math.floor(uploads / 5))),
    get leaving() {
      return leaving;
    },
    leave() {
      leaving = true;
    },
    get closing() {
      return closing;
    },
    close() {
      closing = true;
    },
  };
};
