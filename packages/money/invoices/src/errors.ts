import { refusals } from "@evx/kernel";

/** The refusals of invoices. */
export const refuse = refusals({
  invoice_unknown: {
    kind: "not_found",
    en: "There is no such invoice, or it is not yours to see.",
    vi: "Không có hóa đơn này, hoặc bạn không có quyền xem.",
  },
});
