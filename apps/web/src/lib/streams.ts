import type { ApiError } from "./errors.ts";

export type Stream = { id: string; path: string; input?: unknown };

type Handlers = {
  onData: (event: unknown) => void;
  onError: (error: ApiError) => void;
  onState: (state: "connecting" | "live") => void;
};

/** What a connection tells of the streams that it carries. */
export type Heard = {
  onData: (id: string, event: unknown) => void;
  onRefused: (id: string, error: ApiError) => void;
  onState: (state: "connecting" | "live") => void;
  /** It ended and does not come back by itself. */
  onLost: () => void;
};

/** Opens one connection for these streams; the answered function closes it. */
export type Connect = (streams: readonly Stream[], heard: Heard) => () => void;

/** What begins or ends within this time is one change of the connection. */
const SETTLE_MS = 20;

/** A connection that ended is opened anew after this pause. */
const AGAIN_MS = 1_000;

/**
 * Watches any number of streams over one connection. Whenever there are others, a new connection takes the old one's place;
 * the old one goes on until the new one is there, so nothing is missed, and each stream begins with its present state.
 */
export const createStreams = (connect: Connect) => {
  const watched = new Map<string, { stream: Stream; handlers: Handlers }>();
  let made = 0;
  let close: (() => void) | undefined;
  let current = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const later = (pause: number) => {
    clearTimeout(timer);
    timer = setTimeout(open, pause);
  };

  const open = () => {
    const before = close;
    close = undefined;
    const turn = ++current;
    if (watched.size === 0) return before?.();
    const carried = [...watched.keys()];
    const each = (work: (handlers: Handlers) => void) => {
      for (const id of carried) {
        const one = watched.get(id);
        if (one) work(one.handlers);
      }
    };
    let replaced = false;
    const ready = () => {
      if (!replaced) before?.();
      replaced = true;
    };
    const stop = connect(
      [...watched.values()].map(({ stream }) => stream),
      {
        onData: (id, event) => {
          if (turn === current) watched.get(id)?.handlers.onData(event);
        },
        onRefused: (id, error) => {
          const one = watched.get(id);
          watched.delete(id);
          one?.handlers.onError(error);
        },
        onState: (state) => {
          if (turn !== current) return;
          if (state === "live") ready();
          // While the old connection still carries them, its streams are live.
          if (state === "live" || replaced || !before) each(({ onState }) => onState(state));
        },
        onLost: () => {
          if (turn !== current) return;
          ready();
          each(({ onState }) => onState("connecting"));
          later(AGAIN_MS);
        },
      },
    );
    close = () => {
      ready();
      stop();
    };
  };

  return (path: string, input: unknown, handlers: Handlers): (() => void) => {
    const id = `s${++made}`;
    watched.set(id, { stream: { id, path, ...(input === undefined ? {} : { input }) }, handlers });
    later(SETTLE_MS);
    return () => {
      watched.delete(id);
      later(SETTLE_MS);
    };
  };
};
