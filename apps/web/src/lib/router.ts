import type { AppRouter } from "@evx/api";

/** The server's procedures, by name. Types alone: nothing of the server reaches the browser. */
export type AppRecord = AppRouter["_def"]["record"];

export type AppTypes = AppRouter["_def"]["_config"]["$types"];
