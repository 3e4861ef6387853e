import type en from "../en/inbox.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Thông báo",
  lead: "Những gì đã xảy ra với tín chỉ, giao dịch và tiền của bạn.",
  readAll: "Đánh dấu đã đọc tất cả",
  empty: "Chưa có gì xảy ra",
  emptyBody: "Bạn sẽ thấy ở đây khi tín chỉ được phát hành, bán hoặc thanh toán.",
  unread: "Chưa đọc",
  open: "Mở",
  mailed: "Đã gửi qua email",
  queued: "Email đang được gửi",
  failed: "Không gửi được email",
  "mail.title": "Email",
  "mail.lead":
    "Chúng tôi luôn gửi email khi có thay đổi về tiền hoặc quyền truy cập. Bạn chọn những mục còn lại.",
  "mail.saved": "Đã lưu",
  "topic.credits": "Tín chỉ được phát hành hoặc bị từ chối",
  "topic.sales": "Bán tín chỉ của bạn",
  "topic.purchases": "Giao dịch mua của bạn",
  "topic.auctions": "Phiên đấu giá bạn tham gia",
  "topic.money": "Rút tiền",
  "topic.certificates": "Chứng nhận",
} satisfies Translation<typeof en>;
