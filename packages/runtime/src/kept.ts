import { type KeptLine, keepLines, keptLine } from "@evx/audit";
import { type Db, transact } from "@evx/db";
import { type Clock, minute_ms, second_ms } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** So many lines of one process are kept in a minute; the others stay on its output, and are counted. */
const mostInMinute = 60;
/** So many wait at most while the database is away. */
const mostWaiting = 300;
const every_ms = 2 * second_ms;

/**
 * A log whose warnings and errors are kept in the database as well, where an operator finds them by request or person.
 * What cannot be written waits for the next round; nothing here is ever logged, so it cannot feed itself.
 */
export const keepingLog = (
  log: Log,
  { db, clock, service }: { db: Db; clock: () => Clock; service: string },
): { log: Log; flush: () => Promise<void> } => {
  let waiting: KeptLine[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let minute = { since: 0, lines: 0, held: 0 };

  const put = (line: KeptLine) => {
    waiting.push(line);
    if (waiting.length > mostWaiting) waiting = waiting.slice(-mostWaiting);
    if (!timer) {
      timer = setTimeout(() => void flush(), every_ms);
      timer.unref();
    }
  };
  const note = (level: "warn" | "error", fields: object, message: string) => {
    const at = clock().now();
    const own = { at, level, service };
    if (at.getTime() - minute.since >= minute_ms) {
      const { held } = minute;
      minute = { since: at.getTime(), lines: 0, held: 0 };
      if (held > 0)
        put(keptLine(own, { repeated: held }, "more lines than are kept; the program's output has them"));
    }
    if (++minute.lines > mostInMinute) minute.held++;
    else put(keptLine(own, { ...fields }, message));
  };
  const flush = async (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const lines = waiting;
    if (lines.length === 0) return;
    waiting = [];
    try {
      await transact(db, clock(), (tx) => keepLines(tx, lines), { cause: `log-${service}` });
    } catch {
      for (const line of [...lines, ...waiting.splice(0)]) put(line);
    }
  };
  return {
    log: {
      debug: (fields, message) => log.debug(fields, message),
      info: (fields, message) => log.info(fields, message),
      warn: (fields, message) => {
        log.warn(fields, message);
        note("warn", fields, message);
      },
      error: (fields, message) => {
        log.error(fields, message);
        note("error", fields, message);
      },
    },
    flush,
  };
};
