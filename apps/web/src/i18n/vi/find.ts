import type en from "../en/find.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Tra cứu",
  lead: "Người dùng theo tên hoặc email, xe theo biển số hoặc số VIN, đơn hàng và thanh toán theo mã, chứng nhận, số sê-ri.",
  field: "Bạn cần tìm gì?",
  action: "Tìm",
  none: "Không tìm thấy",
  noneBody: "Thử ít chữ hơn, hoặc nhập đủ mã đơn hàng hay mã thanh toán.",
  begin: "Nhập tên, email, mã hoặc số sê-ri",
  beginBody: "Không phân biệt dấu và chữ hoa: “nguyen” tìm được “Nguyễn”.",
  "kind.user": "Người dùng",
  "kind.vehicle": "Xe",
  "kind.order": "Đơn hàng",
  "kind.payment": "Thanh toán",
  "kind.certificate": "Chứng nhận",
  "kind.serial": "Số sê-ri",
  more: "Xem tất cả: {{ kind }}",
  back: "Mọi kết quả",
} satisfies Translation<typeof en>;
