import { refusals } from "@evx/kernel";

/** Refusals of factors and their sets. */
export const refuse = refusals({
  factor_set_not_found: {
    kind: "not_found",
    en: "There is no factor set with this hash. Take it from the list of factor sets.",
    vi: "Không có bộ hệ số nào mang mã băm này. Hãy lấy mã từ danh sách bộ hệ số.",
  },
});
