import type en from "../en/aside.ts";
import type { Translation } from "../translation.ts";

export default {
  "notFound.title": "Không tìm thấy trang",
  "notFound.body":
    "Vui lòng kiểm tra lại địa chỉ, hoặc bắt đầu từ trang chủ. Dữ liệu của bạn vẫn còn nguyên.",
  "notFound.action": "Về trang chủ",
  "forbidden.title": "Trang này dành cho loại tài khoản khác",
  "forbidden.body":
    "Bạn đang đăng nhập với vai trò {{ role }}. Hãy đăng nhập bằng tài khoản khác để xem trang này.",
  "forbidden.action": "Về trang chủ của bạn",
  "proof.title": "Nhập lại mật khẩu",
  "proof.body":
    "Việc này vẫn tiếp tục khi bạn đã đăng xuất, nên phải chắc chắn là chính bạn yêu cầu. Những gì bạn đã nhập vẫn còn.",
  "proof.password": "Mật khẩu của bạn",
  "proof.go": "Tiếp tục",
  "session.leave": "Rời trang và bắt đầu lại",
  "forbidden.other": "Dùng tài khoản khác",
} satisfies Translation<typeof en>;
