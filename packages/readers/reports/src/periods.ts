import type { Db } from "@evx/db";
import { refuse } from "./errors.ts";
import { faultOf, mostDays, mostYears, type Period } from "./policy.ts";
import { todayIn } from "./queries/sums.ts";

type Asked = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly zone: string;
  readonly by?: Period["by"];
};

/**
 * The period that is asked for. Refuses `report_period_backwards`, `report_period_ahead`, `report_period_too_long` and
 * `report_period_too_fine`, before anything is read.
 */
export const periodOf = async (
  db: Db,
  now: Date,
  { from, to, zone, by = "month" }: Asked,
): Promise<Period> => {
  const period = { from: from ?? null, to: to ?? null, zone, by };
  const fault = faultOf(period, await todayIn(db, now, zone));
  if (fault?.code === "backwards") throw refuse("report_period_backwards");
  if (fault?.code === "ahead") throw refuse("report_period_ahead", { today: fault.today });
  if (fault?.code === "too_long")
    throw refuse("report_period_too_long", { most: mostYears, years: fault.years });
  if (fault?.code === "too_fine")
    throw refuse("report_period_too_fine", { most: mostDays, days: fault.days });
  return period;
};
