import { type Db, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { type LogPorts, sequencePending } from "./sequencer.ts";
import { askWitnesses, type Witness } from "./witnesses.ts";

type Says = Record<"warn" | "error", (fields: object, message: string) => void>;

export type SequencerSettings = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Says;
  readonly ports: LogPorts;
  readonly witnesses: readonly Witness[];
  /** Between two checkpoints; a second unless told. */
  readonly every_ms?: number;
};

/** Publishes a checkpoint a second where there is something new, and has it witnessed. Any worker may: they take turns. */
export const startSequencer = ({
  db,
  clock,
  log,
  ports,
  witnesses,
  every_ms = 1_000,
}: SequencerSettings): { stop(): Promise<void> } => {
  let stopped = false;
  const within = <T>(work: Parameters<typeof transact<T>>[2]) => transact(db, clock, work, { cause: "log" });
  const round = async (): Promise<void> => {
    try {
      await within((tx) => sequencePending(tx, ports));
      if (witnesses.length > 0)
        await askWitnesses(db, within, witnesses, (fields, message) => log.warn(fields, message));
    } catch (error) {
      log.error({ error }, "the log could not be sequenced; the next round tries again");
    }
  };
  const running = (async () => {
    while (!stopped) {
      await round();
      await Bun.sleep(every_ms);
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
};
