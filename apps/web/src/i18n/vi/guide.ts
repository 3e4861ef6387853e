import type en from "../en/guide.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Tài liệu",
  lead: "Cách dùng API, vận hành sàn và tự kiểm tra những gì sàn công bố.",
  "group.use": "Sử dụng",
  "group.run": "Vận hành",
  "group.know": "Tìm hiểu",
  "group.alerts": "Cảnh báo",
  search: "Tìm trong tài liệu",
  "search.none": "Không có trang nào chứa đủ các từ này.",
  "search.found_one": "{{ count }} chỗ",
  "search.found_other": "{{ count }} chỗ",
  contents: "Mục lục",
  english: "Các trang này viết bằng tiếng Anh.",
  missing: "Không có trang này",
  missingBody: "Có thể trang đã đổi tên. Mục lục liệt kê tất cả các trang.",
  reference: "Mọi lệnh gọi, kèm từng trường",
  failed: "Không tải được trang",
} satisfies Translation<typeof en>;
