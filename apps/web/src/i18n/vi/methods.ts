import type en from "../en/methods.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Cách tính CO₂ giảm được",
  lead: "Mọi bộ hệ số đã và đang dùng cho các yêu cầu. Bộ đã công bố không bao giờ bị sửa; bộ tốt hơn mang tên mới.",
  current: "Đang áp dụng",
  beside: "Hiển thị để đối chiếu",
  whole: "Toàn bộ hệ số dạng JSON, gồm hệ số lưới điện của mọi nước",
  formula: "Công thức",
  assumptions: "Các giả định",
  sources: "Nguồn",
  uncertainty: "Độ chắc chắn",
  "uncertainty.flat-v1":
    "Không có gì được đo, nên không thể nêu sai số. Nơi lưới điện dùng nhiều than, xe điện gây phát thải nhiều hơn mức giả định ở đây và phần giảm được ít hơn con số đã tính; nếu thay cho xe xăng hao nhiên liệu thì phần giảm được nhiều hơn.",
  "uncertainty.metered-v1":
    "Quãng đường và điện năng chắc chắn đến đâu là tùy dữ liệu; mỗi lô đều ghi chất lượng dữ liệu. Hệ số lưới điện là trung bình năm, có thể lệch xa ở một giờ cụ thể. Lượng xe xăng lẽ ra thải là mức quy định, không phải số đo, và là phần kém chắc chắn nhất.",
  claims: "Tín chỉ là gì và không phải là gì",
  "claims.body":
    "Tín chỉ ghi nhận lượng phát thải mà người khác đã giảm được nhờ lái xe điện. Nó không làm giảm phát thải Phạm vi 1, 2 hay 3 của chính bên mua: hãy báo cáo riêng bên cạnh, không được trừ vào đó.",
  grid: "Điện lưới {{ country }}, {{ year }}",
  gridFigure: "{{ grams }} g CO₂e mỗi kWh ({{ licence }})",
  hash: "SHA-256 của JSON chuẩn tắc của bộ hệ số: {{ hash }}",
} satisfies Translation<typeof en>;
