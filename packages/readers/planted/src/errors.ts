import { refusals } from "@evx/kernel";

export const refuse = refusals({
  planted_not_found: {
    kind: "not_found",
    en: "There is no such entry, or it is not yours to see.",
    vi: "Không có mục này, hoặc bạn không có quyền xem.",
  },
});
