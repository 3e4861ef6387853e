import type en from "../en/methods.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Cách tính CO₂ giảm được",
  lead: "Mọi bộ hệ số đã và đang dùng cho các yêu cầu. Bộ đã công bố không bao giờ bị sửa; bộ tốt hơn mang tên mới.",
  current: "Đang áp dụng",
  formula: "Công thức",
  assumptions: "Các giả định",
  sources: "Nguồn",
  grid: "Điện lưới {{ country }}, {{ year }}",
  gridFigure: "{{ grams }} g CO₂e mỗi kWh ({{ licence }})",
  hash: "SHA-256 của JSON chuẩn tắc của bộ hệ số: {{ hash }}",
} satisfies Translation<typeof en>;
