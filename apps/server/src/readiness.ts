import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { tryWriting } from "@evx/api/rest";
import { workerStates } from "@evx/jobs";
import { minute_ms } from "@evx/kernel";
import { backlog } from "@evx/log";
import type { Runtime } from "@evx/runtime";

/** With less than this much left, uploads fail before anybody has noticed. */
const leastFree_bytes = 200_000_000;
/** The log's promise is one minute; behind it by more is late, but no reason to turn readers away. */
const lateLog_ms = 2 * minute_ms;

export type Readiness = {
  status: "ready" | "not_ready";
  /** `read_only`: it answers and takes no write, as with a full disk or on a replica. */
  database: "writable" | "read_only" | "away";
  /** Where uploads are kept until they are read. */
  disk: { status: "ok" | "full" | "unknown"; freeBytes: number | null };
  workers: { name: string; working: boolean }[];
  log: { status: "ok" | "late"; lagMs: number };
};

const diskOf = async (folder: string): Promise<Readiness["disk"]> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    return { status: freeBytes < leastFree_bytes ? "full" : "ok", freeBytes };
  } catch {
    return { status: "unknown", freeBytes: null };
  }
};

/**
 * Whether this server can do what it is asked: the database answers and takes a write, and the disk has room. Workers and the
 * log are told by name and lag; that they are late is no reason for a balancer to take this server away.
 */
export const readiness = async ({ db, clock, config }: Runtime): Promise<Readiness> => {
  const now = clock.now();
  const disk = await diskOf(config.DATA_DIR);
  const waiting = await backlog(db).catch(() => null);
  const database = waiting
    ? await tryWriting(db, `${hostname()}:${config.PORT}`, now).then(
        () => "writable" as const,
        () => "read_only" as const,
      )
    : "away";
  const lagMs = waiting?.oldest ? Math.max(0, now.getTime() - waiting.oldest.getTime()) : 0;
  return {
    status: database === "writable" && disk.status !== "full" ? "ready" : "not_ready",
    database,
    disk,
    workers: waiting ? await workerStates(db, now).catch(() => []) : [],
    log: { status: lagMs > lateLog_ms ? "late" : "ok", lagMs },
  };
};
