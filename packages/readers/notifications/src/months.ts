/** The month that is over, told on the first of the next to whoever asked for it. */
import { userById } from "@evx/accounts";
import type { Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import type { Currency } from "@evx/kernel";
import { type Month, monthOf } from "@evx/reports";
import type { Role } from "@evx/rpc";
import { type NewNotice, notify } from "./notify.ts";
import { type MonthDue, monthsDue } from "./queries/months.ts";

export type MonthsSettings = { readonly currency: Currency };

const templates = {
  ev_owner: "month_owner",
  buyer: "month_buyer",
  cva: "month_auditor",
  admin: "month_venue",
} as const satisfies Record<Role, NewNotice["template"]>;

/** "2026-10" as both languages read it: 10/2026. */
const named = (month: string): string => month.split("-").reverse().join("/");

const detailsOf = ({ from, to, sums, co2_g }: Month, month: string, { currency }: MonthsSettings) => ({
  month: named(month),
  from,
  to,
  currency,
  co2: String(co2_g),
  issued: String(sums.issued_g > 0n ? sums.issued_g : sums.approved_g),
  sold: String(sums.sold_g),
  bought: String(sums.bought_g),
  retired: String(sums.retired_g),
  net: String(sums.net_minor),
  spent: String(sums.spent_minor),
  gross: String(sums.gross_minor),
  decided: String(sums.decided),
  approved: String(sums.approved),
  users: String(sums.users),
});

const tell = async (tx: Tx, due: MonthDue, settings: MonthsSettings): Promise<void> => {
  const user = await userById(tx, due.userId);
  if (!user) return;
  const month = await monthOf(tx, { ...due, role: user.role });
  await notify(tx, {
    userId: due.userId,
    template: templates[user.role],
    details: detailsOf(month, due.month, settings),
    source: due.source,
  });
};

const portion = 200;

/**
 * Tells everybody who asked for it, once, between eight in the morning of the first day and the third day of the month
 * where they are. Answers how many were told.
 */
export const tellMonths = async (job: JobContext, settings: MonthsSettings): Promise<number> => {
  let told = 0;
  for (;;) {
    const due = await monthsDue(job.db, job.clock.now(), portion);
    for (const one of due) await job.transact((tx) => tell(tx, one, settings));
    told += due.length;
    if (due.length < portion) return told;
  }
};
