import { PostgresError, type RunningPostgres, runningPort, startPostgres } from "@evx/db/embedded";
import { clusterOf, databasePort, type Place } from "./database.ts";

const every_ms = 1_000;

type Keeping = {
  /** Told of the server that was started again. */
  readonly started: (postgres: RunningPostgres) => void;
  readonly isStopping: () => boolean;
};

const say = (line: string): void => console.error(`\n${line}`);

/**
 * Starts the embedded database again when it has died, for as long as the product runs; server and worker find it by
 * themselves. One that cannot be started yet (a full disk) is tried again, and why it cannot is said when that changes.
 */
export const keepPostgres = async (place: Place, { started, isStopping }: Keeping): Promise<never> => {
  let said = "";
  for (;;) {
    await Bun.sleep(every_ms);
    if (isStopping() || (await runningPort(clusterOf(place.dataDir))) !== null) continue;
    // Not a moment's silence: asked twice.
    await Bun.sleep(every_ms / 2);
    if (isStopping() || (await runningPort(clusterOf(place.dataDir))) !== null) continue;
    if (!said)
      say("The database ended by itself; it is started again. Until then everybody is asked to wait.");
    try {
      started(await startPostgres({ dataDir: clusterOf(place.dataDir), port: databasePort(place.port) }));
      say("The database is back; nothing that was stored is lost.");
      said = "";
    } catch (error) {
      const why = error instanceof PostgresError ? error.message : String(error);
      if (why !== said) say(`The database could not be started again yet: ${why}`);
      said = why;
    }
  }
};
