import type { Locale, RetirementReason } from "@evx/kernel";

/** Why credits are retired, as paper says it. */
export const retirementWords: Readonly<Record<RetirementReason, Record<Locale, string>>> = {
  corporate_inventory: { en: "Corporate emissions inventory", vi: "Kiểm kê phát thải của doanh nghiệp" },
  event: { en: "An event", vi: "Sự kiện" },
  product: { en: "A product", vi: "Sản phẩm" },
  travel: { en: "Travel", vi: "Đi lại" },
  personal: { en: "Personal footprint", vi: "Dấu chân carbon cá nhân" },
  compliance: { en: "A legal obligation", vi: "Nghĩa vụ pháp lý" },
  other: { en: "Another purpose", vi: "Mục đích khác" },
};
