/** Who is told of each value, and once that it is over: with an error where it broke. Neither throws. */
export type Follower<T> = { tell(value: T): void; over(error?: unknown): void };

/**
 * What a subscription answers: read as an iterable, or told to whoever follows, which costs a call for each value where
 * iterating costs a dozen promises. Who reads slowly misses old values, never the newest of a slot.
 */
export type Stream<T> = AsyncIterable<T> & {
  /** Answers how to leave, which may be called at any time and twice. */
  follow(to: Follower<T>): () => void;
  /** Of which thing a value is the present state. */
  slot(value: T): string;
};

type Options<T> = { signal?: AbortSignal | undefined; slot?: (value: T) => string };

/** What is left to read for one who reads slowly: the newest value of each slot, in the order in which they came. */
async function* reading<T>(
  stream: Stream<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, void> {
  const fresh = new Map<string, T>();
  let end: { error: unknown } | undefined;
  let wake = () => {};
  const stopped = () => wake();
  signal?.addEventListener("abort", stopped);
  const leave = stream.follow({
    tell(value) {
      fresh.set(stream.slot(value), value);
      wake();
    },
    over(error) {
      end = { error };
      wake();
    },
  });
  try {
    while (!signal?.aborted) {
      const [next] = fresh;
      if (next) {
        fresh.delete(next[0]);
        yield next[1];
      } else if (end) {
        if (end.error !== undefined) throw end.error;
        return;
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal?.removeEventListener("abort", stopped);
    leave();
  }
}

/**
 * A stream that is opened for each who follows. What `open` answers is called once: when they leave, or when it is over;
 * nobody is told anything after that.
 */
export const streamOf = <T>(
  open: (to: Follower<T>) => () => void,
  { signal, slot = () => "" }: Options<T> = {},
): Stream<T> => {
  const stream: Stream<T> = {
    slot,
    follow(to) {
      let isOpen = true;
      let close: (() => void) | undefined;
      const end = () => {
        isOpen = false;
        close?.();
        close = undefined;
      };
      const opened = open({
        tell(value) {
          if (isOpen) to.tell(value);
        },
        over(error) {
          if (!isOpen) return;
          end();
          to.over(error);
        },
      });
      if (isOpen) close = opened;
      else opened();
      return end;
    },
    [Symbol.asyncIterator]: () => reading(stream, signal),
  };
  return stream;
};

const isStream = (events: AsyncIterable<unknown>): events is Stream<unknown> => "follow" in events;

/** What a subscription answers as a stream, also where it is a generator. That one is told by its own signal to stop. */
export const streamFrom = (events: AsyncIterable<unknown>): Stream<unknown> =>
  isStream(events)
    ? events
    : streamOf((to) => {
        const values = events[Symbol.asyncIterator]();
        const pump = async () => {
          try {
            for (;;) {
              const { done, value } = await values.next();
              if (done) return to.over();
              to.tell(value);
            }
          } catch (error) {
            to.over(error);
          }
        };
        void pump();
        return () => void values.return?.();
      });
