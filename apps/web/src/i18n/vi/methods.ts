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
  buffer: "Phần giữ lại để bù sai sót",
  "buffer.connected": "Lô chỉ gồm dữ liệu từ xe kết nối",
  "buffer.export": "Lô có chuyến đi từ tệp xuất",
  "buffer.manual": "Lô có chuyến đi ghi tay",
  "buffer.held": "Hiện có trong quỹ dự phòng",
  "buffer.body":
    "Tỷ lệ này của mỗi lô mới được đưa vào quỹ dự phòng chung và không bao giờ đem bán; dữ liệu kém nhất trong lô quyết định tỷ lệ. Nếu một lô bị phát hiện sai, tín chỉ của lô bị hủy ở nơi chủ xe hoặc quỹ còn giữ. Phần chủ xe đã bán hoặc cho đi được bù bằng tín chỉ khác của chủ xe, một lần, rồi bằng quỹ dự phòng, kể cả khi quỹ tăng về sau. Người mua ngay tình vẫn giữ phần đã mua, nhưng không được dùng để thực hiện nghĩa vụ. Khi quỹ không đủ, sổ đăng ký công bố phần còn thiếu cho đến khi đơn vị vận hành bù tín chỉ hoặc hoàn tiền cho người mua.",
  grid: "Điện lưới {{ country }}, {{ year }}",
  gridFigure: "{{ grams }} g CO₂e mỗi kWh ({{ licence }})",
  hash: "SHA-256 của JSON chuẩn tắc của bộ hệ số: {{ hash }}",
} satisfies Translation<typeof en>;
