import { part } from "./part.tsx";

/** A read that failed, with the way to ask again. That is rare, and what tells of it is no part of a first load. */
export const Failure = part(
  async () => ({ default: (await import("./failure.tsx")).Failure }),
  undefined,
  true,
);
