import type { Db } from "@evx/db";
import type * as v from "valibot";
import type * as S from "./schema.ts";

/** Say here what it answers, in which units, and what it refuses. */
export const latestSale = async (
  _db: Db,
  { id }: v.InferOutput<typeof S.LatestSaleInput>,
): Promise<v.InferInput<typeof S.LatestSale>> => ({ id });
