import { refusals } from "@evx/kernel";

export const refuse = refusals({
  report_not_found: {
    kind: "not_found",
    en: "There is no report of that person, or it is not yours to see.",
    vi: "Không có báo cáo của người này, hoặc bạn không có quyền xem.",
  },
});
