/** The way beyond one machine, by whoever owns the database. */
import { ScaleError, scale } from "@evx/db/scale";
import { Failed } from "./failed.ts";

/** Says what it would do; with `go` does it. */
export const scaleOut = async ({ go, adminUrl }: { go: boolean; adminUrl: string | undefined }) => {
  if (!adminUrl)
    throw new Failed("DATABASE_ADMIN_URL is not set: only the database's owner spreads it over a cluster.");
  try {
    const { spread, steps } = await scale(adminUrl, { go });
    return { spread, [go ? "did" : "would"]: steps };
  } catch (error) {
    throw error instanceof ScaleError ? new Failed(error.message) : error;
  }
};
