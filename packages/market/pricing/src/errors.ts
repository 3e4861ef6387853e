import { refusals } from "@evx/kernel";

export const refuse = refusals({
  price_amount_unpriceable: {
    kind: "invalid",
    en: "No price can be hinted for that amount. Nothing was changed; ask for a smaller one.",
    vi: "Không thể gợi ý giá cho số lượng đó. Chưa có gì thay đổi; hãy hỏi số lượng nhỏ hơn.",
  },
});
