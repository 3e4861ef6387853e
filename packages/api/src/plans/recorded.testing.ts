/** Every statement with the plan that PostgreSQL made for it, those inside functions too. */
import { createDb, createPool, sql, transact } from "@evx/db";
import type { TestDatabase } from "@evx/db/testing";

export type Recorded = {
  readonly text: string;
  /** Tables that were read from their first row to their last, as `schema.table`. */
  readonly scanned: readonly string[];
};

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/**
 * Tables that a plan reads whole: by a scan, or along an index without a place to begin, while filtering or without a
 * bound above it.
 */
const wholeReads = (node: Node, bounded = false): string[] => {
  const type = String(node["Node Type"]);
  const below = bounded || type === "Limit";
  const children = Array.isArray(node.Plans) ? node.Plans.filter(isNode) : [];
  const found = children.flatMap((child) => wholeReads(child, below && !/Sort|Aggregate|Hash/.test(type)));
  const name = `${node.Schema ?? ""}.${node["Relation Name"] ?? ""}`;
  if (type === "Seq Scan" && !(below && node.Filter === undefined)) found.push(name);
  if (/^Index (Only )?Scan$/.test(type) && node["Index Cond"] === undefined && node["Order By"] === undefined)
    if (!below) found.push(name);
  return found;
};

const planIn = (message: string): Recorded | null => {
  const start = message.indexOf("{");
  if (start < 0 || !message.includes("Query Text")) return null;
  const read: unknown = JSON.parse(message.slice(start));
  if (!isNode(read) || !isNode(read.Plan)) return null;
  return { text: String(read["Query Text"]).replace(/\s+/g, " ").trim(), scanned: wholeReads(read.Plan) };
};

export type Recorder = TestDatabase & {
  /** What was sent since the last call of this. */
  taken(): Recorded[];
  end(): Promise<void>;
};

/** The same database, by connections of which every statement is planned aloud. */
export const recording = async (t: TestDatabase): Promise<Recorder> => {
  const name = new URL(t.adminUrl).pathname.slice(1);
  const set = (setting: string, value: string) =>
    sql.raw(`alter database "${name}" set ${setting} = '${value}'`).execute(t.admin);
  await set("session_preload_libraries", "auto_explain");
  await set("auto_explain.log_min_duration", "0");
  await set("auto_explain.log_nested_statements", "on");
  await set("auto_explain.log_format", "json");
  await set("auto_explain.log_verbose", "on");
  await set("auto_explain.log_level", "notice");
  await set("client_min_messages", "notice");
  let seen: Recorded[] = [];
  const pool = createPool(t.url, { max: 10, name: "evx test plans" });
  pool.on("connect", (client) => {
    client.on("error", () => {});
    client.on("notice", ({ message }) => {
      const plan = planIn(message ?? "");
      if (plan) seen.push(plan);
    });
  });
  const db = createDb(pool);
  return {
    ...t,
    pool,
    db,
    transact: (work, options) => transact(db, t.clock, work, { cause: "test", ...options }),
    taken: () => {
      const all = seen;
      seen = [];
      return all;
    },
    end: () => db.destroy(),
  };
};
