import { newId } from "@evx/kernel";
import { useQueryClient } from "@tanstack/solid-query";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Decision } from "./decide.tsx";
import type { OperatorPayment } from "./words.ts";

/** The decisions that an operator may ask for, each with its words. */
export const useDecisions = () => {
  const t = useText("payments");
  const m = useText("money");
  const f = useFormat();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: api.payments.all.key() });
  // A refund is named here until it is answered, so that a second press is the same one.
  const refunds = new Map<string, ReturnType<typeof newId<"refund">>>();
  const refund = (row: OperatorPayment): Decision => ({
    title: t("admin.refundTitle", { amount: f.money(row.amount, row.currency), name: row.buyerName }),
    body: row.settledAt ? t("admin.refundSoldBody") : t("admin.refundBody"),
    confirm: t("admin.refund"),
    done: t("admin.refunded"),
    danger: true,
    reason: true,
    ...(row.settledAt ? { part: { most: row.refundable, currency: row.currency } } : {}),
    act: async (reason, amount) => {
      const refundId = refunds.get(row.id) ?? newId("refund");
      refunds.set(row.id, refundId);
      await api.payments.refund.call({ paymentId: row.id, reason, refundId, ...(amount ? { amount } : {}) });
      refunds.delete(row.id);
      await refresh();
    },
  });
  const clear = (row: OperatorPayment): Decision => ({
    title: t("admin.clear"),
    body: row.flag ? t(`flag.${row.flag}`) : "",
    confirm: t("admin.clear"),
    done: t("admin.cleared"),
    act: async () => {
      await api.payments.clearFlag.call({ paymentId: row.id });
      await refresh();
    },
  });
  const release = (row: OperatorPayment): Decision => ({
    title: m("release.title"),
    body: m("release.body"),
    confirm: m("release.action"),
    done: m("release.done"),
    act: async () => {
      await api.payments.release.call({ paymentId: row.id });
      await refresh();
    },
  });
  const answer = (row: OperatorPayment): Decision => ({
    title: m("dispute.answer"),
    body: m("dispute.answerBody"),
    confirm: m("dispute.send"),
    done: m("dispute.sent"),
    reason: true,
    act: (evidence) => api.payments.answerDispute.call({ paymentId: row.id, evidence }),
  });
  return { release, refund, clear, answer };
};
