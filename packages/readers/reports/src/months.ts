import type { Db } from "@evx/db";
import { allVehiclesOfOwner } from "@evx/garage";
import type { Id } from "@evx/kernel";
import { driven } from "@evx/trips";
import { type Sums, venue } from "./policy.ts";
import { summed } from "./reports.ts";

export type Month = {
  /** Its days, both included. */
  readonly from: string;
  readonly to: string;
  readonly sums: Sums;
  readonly co2_g: bigint;
};

/** The figures of a month such as "2026-10" in a zone: a person's own, or the venue's for its operators. */
export const monthOf = async (
  db: Db,
  { userId, role, month, zone }: { userId: Id<"user">; role: string; month: string; zone: string },
): Promise<Month> => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const [from, to] = [`${month}-01`, new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)];
  const period = { from, to, zone, by: "month" } as const;
  const { sums } = await summed(db, role === "admin" ? venue : userId, period);
  const drove =
    role === "ev_owner" ? (await driven(db, await allVehiclesOfOwner(db, userId), period)).series : [];
  return { from, to, sums, co2_g: drove.reduce((sum, part) => sum + part.co2_g, 0n) };
};
