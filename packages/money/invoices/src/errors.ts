import { refusals } from "@evx/kernel";

/** The refusals of invoices. */
export const refuse = refusals({
  invoice_unknown: {
    kind: "not_found",
    en: "There is no such invoice, or it is not yours to see.",
    vi: "Không có hóa đơn này, hoặc bạn không có quyền xem.",
  },
  statement_month_ahead: {
    kind: "invalid",
    en: "{month} has not begun, so it has no statement yet. Choose this month or an earlier one.",
    vi: "Tháng {month} chưa bắt đầu nên chưa có sao kê. Hãy chọn tháng này hoặc tháng trước đó.",
  },
});
