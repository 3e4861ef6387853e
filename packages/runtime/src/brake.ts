import { second_ms } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** So many lines of one kind pass in a window; the others are counted, and told of in one line when it ends. */
const mostLines = 20;
const window_ms = 10 * second_ms;

type Kind = { since: number; lines: number; held: number };

/**
 * A log whose warnings and errors cannot fill a disk: in an outage every request and every round says the same. A kind is
 * a level and its sentence. What is said at info and below is a line for each request, and no stack, and passes.
 */
export const braked = (log: Log, now: () => number = () => performance.now()): Log => {
  const kinds = new Map<string, Kind>();
  const says = (level: "warn" | "error") => (fields: object, message: string) => {
    const at = now();
    const name = `${level} ${message}`;
    let kind = kinds.get(name);
    if (!kind || at - kind.since >= window_ms) {
      if (kind && kind.held > 0)
        log[level]({ repeated: kind.held, seconds: Math.round((at - kind.since) / second_ms) }, message);
      kind = { since: at, lines: 0, held: 0 };
      kinds.set(name, kind);
    }
    kind.lines++;
    if (kind.lines <= mostLines) log[level](fields, message);
    else kind.held++;
  };
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: says("warn"),
    error: says("error"),
  };
};
