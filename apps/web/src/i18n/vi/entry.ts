import type en from "../en/entry.ts";
import type { Translation } from "../index.ts";

export default {
  "signIn.title": "Đăng nhập",
  "signIn.lead": "Chào mừng bạn trở lại.",
  "signIn.action": "Đăng nhập",
  "signIn.other": "Chưa có tài khoản? {{ link }}",
  "signIn.otherLink": "Tạo tài khoản",
  "signIn.next": "Hãy đăng nhập để tiếp tục đến trang bạn vừa mở.",
  "signUp.title": "Tạo tài khoản",
  "signUp.lead": "Miễn phí, chỉ mất một phút.",
  "signUp.action": "Tạo tài khoản",
  "signUp.other": "Đã có tài khoản? {{ link }}",
  "signUp.otherLink": "Đăng nhập",
  "field.email": "E-mail",
  "field.password": "Mật khẩu",
  "field.newPasswordHint": "Ít nhất 10 ký tự. Một câu dài thì dễ nhớ mà khó đoán.",
  "field.fullName": "Họ và tên",
  "field.fullNameHint": "Như bạn muốn ghi trên chứng nhận.",
  "field.role": "Bạn đến đây để làm gì?",
  "role.ev_owner": "Tôi lái xe điện",
  "role.ev_ownerHint": "Biến lượng CO₂ bạn đã giảm thành tín chỉ và bán chúng.",
  "role.buyer": "Tôi muốn mua tín chỉ",
  "role.buyerHint": "Mua tín chỉ đã thẩm định và xóa sổ cho bạn hoặc doanh nghiệp của bạn.",
  "role.cva": "Tôi thẩm định phát thải",
  "role.cvaHint":
    "Thẩm định chuyến đi và phát hành tín chỉ. Bạn có thể làm việc sau khi được quản trị viên công nhận.",
  "check.email": "Hãy ghi địa chỉ e-mail, ví dụ lan@example.com.",
  "check.password": "Hãy nhập mật khẩu.",
  "check.newPassword": "Cần ít nhất 10 ký tự.",
  "check.fullName": "Hãy ghi tên của bạn.",
  "check.role": "Hãy chọn một mục.",
} satisfies Translation<typeof en>;
