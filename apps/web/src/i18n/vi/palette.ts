import type en from "../en/palette.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Đi tới hoặc tìm",
  lead: "Nhập tên trang, số chứng nhận, số sê-ri hoặc tên người.",
  placeholder: "Ví, EVX-VN-…, Lotus Bay",
  place: "Trang",
  setting: "Cài đặt",
  account: "Tài khoản",
  find: "Tìm kiếm",
  "find.registry": "Tìm “{{ words }}” trong sổ đăng ký",
  "find.certificate": "Mở chứng nhận {{ words }}",
  "find.serial": "Tìm số sê-ri {{ words }}",
  "find.all": "Tìm “{{ words }}” trong mọi dữ liệu",
  none: "Không có gì mang tên đó. Hãy thử ít chữ hơn.",
  found_one: "{{ count }} lựa chọn",
  found_other: "{{ count }} lựa chọn",
} satisfies Translation<typeof en>;
