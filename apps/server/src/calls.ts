import { type Meta, pointsOfCall, refuseCall } from "@evx/rpc";

/** More calls than that in one request are refused; a page of the web app asks for a dozen at once. */
export const mostCalls = 20;

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuseCall("not_found");
  }
};

/**
 * The procedures that a tRPC request names, read from its address as tRPC reads them: decoded, since a comma may come as
 * %2C. tRPC's own `maxBatchSize` stands behind it, should the two ever read one address differently.
 */
export const callsOf = (address: string): { paths: string[]; batched: boolean } => {
  const url = new URL(address);
  const path = decoded(url.pathname.replace(/^\/trpc\/?/, "").replace(/\/$/, ""));
  const batched = url.searchParams.get("batch") === "1";
  return { paths: batched ? path.split(",") : [path], batched: batched && path.includes(",") };
};

type Procedures = { _def: { procedures: unknown } };

const metaOf = (router: Procedures, path: string): Meta | undefined =>
  (router._def.procedures as Record<string, { _def: { meta?: Meta } } | undefined>)[path]?._def.meta;

/**
 * What a request's calls cost together. Refuses `batch_too_large` for more than `mostCalls`, and `file_in_batch` where one
 * of several answers a file.
 */
export const pointsOf = (router: Procedures, paths: readonly string[], batched: boolean): number => {
  if (paths.length > mostCalls) throw refuseCall("batch_too_large", { most: mostCalls, calls: paths.length });
  const metas = paths.map((path) => metaOf(router, path));
  if (batched && metas.some((meta) => meta?.rest?.file === true)) throw refuseCall("file_in_batch");
  return metas.reduce((sum, meta) => sum + pointsOfCall(meta), 0);
};

const longest = 120;

/** A path as a log line can hold it: of a batch the first call and how many there were. */
export const shortPath = (path: string): string => {
  const [first = "", ...more] = path.split(",");
  const short = first.length > longest ? `${first.slice(0, longest)}…` : first;
  return more.length > 0 ? `${short} and ${more.length} more` : short;
};
