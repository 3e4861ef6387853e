import type en from "../en/landing.ts";
import type { Translation } from "../translation.ts";

export default {
  "hero.title": "Lái xe điện giảm {{ co2 }}. Nhận tiền cho từng gam.",
  "hero.lead":
    "EV Carbon Exchange biến lượng CO₂ mà xe điện giảm được thành tín chỉ carbon đã thẩm định và bán cho những ai cần. Mỗi gam chỉ được tính một lần, và ai cũng có thể kiểm tra.",
  "hero.action": "Tạo tài khoản",
  "hero.second": "Xem sàn tín chỉ",
  "live.title": "Số liệu trực tiếp",
  "live.issued": "Tín chỉ đã phát hành",
  "live.listed": "Đang được bán",
  "live.circulating": "Đang lưu hành",
  "live.retired": "Đã xóa sổ vĩnh viễn",
  "live.note": "Tính đến từng gam, tại thời điểm bạn mở trang này.",
  "how.title": "Từ một chuyến đi đến một tín chỉ",
  "how.trips.title": "Thêm chuyến đi",
  "how.trips.body":
    "Kết nối xe hoặc nhập nhật ký hành trình. Mỗi chuyến chỉ được một người yêu cầu một lần: chính cơ sở dữ liệu từ chối lần thứ hai.",
  "how.audit.title": "Thẩm định viên kiểm tra",
  "how.audit.body":
    "Thẩm định viên độc lập xem từng chuyến, số công-tơ-mét và cả hai cách tính CO₂, rồi chấp thuận hoặc từ chối kèm lý do.",
  "how.sell.title": "Bán tín chỉ",
  "how.sell.body":
    "Theo giá cố định hoặc đấu giá. Người bán thấy số tiền thực nhận, sau phí, trước khi đăng tin.",
  "how.retire.title": "Xóa sổ tín chỉ",
  "how.retire.body":
    "Người mua nhận chứng nhận có chữ ký và số sê-ri. Ai cũng kiểm tra được, không cần tài khoản, kể cả khi ngoại tuyến.",
  "who.title": "Dành cho ai",
  "who.owner.title": "Chủ xe điện",
  "who.owner.body": "Một năm của một chiếc xe là đủ. 10.000 km giảm khoảng một tấn CO₂: một tín chỉ.",
  "who.owner.action": "Bắt đầu với vai trò chủ xe",
  "who.buyer.title": "Người mua",
  "who.buyer.body":
    "Mua ít hay nhiều tùy ý, biết rõ loại xe, quốc gia, phương pháp và thẩm định viên đằng sau từng gam.",
  "who.buyer.action": "Bắt đầu với vai trò người mua",
  "who.cva.title": "Thẩm định viên",
  "who.cva.body": "Hàng chờ xếp theo rủi ro, công cụ tính lại từng gam và báo cáo sẵn sàng ký.",
  "who.cva.action": "Đăng ký thẩm định",
} satisfies Translation<typeof en>;
