import { refusals } from "@evx/kernel";

/** The refusals of reconciliation. */
export const refuse = refusals({
  difference_unknown: {
    kind: "not_found",
    en: "There is no such difference that waits for somebody. Nothing was changed.",
    vi: "Không có chênh lệch nào như vậy đang chờ xử lý. Chưa có gì thay đổi.",
  },
});
