import type en from "../en/estimate.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Mỗi năm bạn đi bao nhiêu km?",
  km: "km mỗi năm",
  kg: "kg CO₂ giảm được",
  money: "mỗi năm, về tài khoản của bạn",
  action: "Bắt đầu với xe của bạn",
  basis:
    "{{ grams }} g mỗi km theo phương pháp {{ method }}, giá {{ price }} một tín chỉ ({{ sales }}), đã trừ phí sàn {{ platform }}% và thẩm định viên {{ auditor }}%.",
  sales_one: "giao dịch duy nhất trong {{ days }} ngày qua",
  sales_other: "trung vị của {{ count }} giao dịch trong {{ days }} ngày qua",
  range: "Giá có lên có xuống: trong năm qua, số tiền nhận được nằm trong khoảng {{ low }} đến {{ high }}.",
  noPrice:
    "{{ grams }} g mỗi km theo phương pháp {{ method }}. Năm qua chưa có giao dịch nào tại đây, nên chưa có giá để tính.",
} satisfies Translation<typeof en>;
