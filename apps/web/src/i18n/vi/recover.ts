import type en from "../en/recover.ts";
import type { Translation } from "../translation.ts";

export default {
  "forgot.title": "Đặt mật khẩu mới",
  "forgot.lead": "Chúng tôi sẽ gửi liên kết đặt mật khẩu mới qua email.",
  "forgot.action": "Gửi liên kết",
  "forgot.doneBody":
    "Nếu {{ email }} có tài khoản ở đây, liên kết đang được gửi đến. Liên kết chỉ dùng được một lần, trong vòng một giờ.",
  "reset.title": "Đặt mật khẩu mới",
  "reset.lead": "Sau khi lưu, bạn sẽ được đăng xuất khỏi mọi thiết bị khác.",
  "reset.action": "Lưu mật khẩu",
  "reset.done": "Đã lưu mật khẩu mới. Hãy đăng nhập bằng mật khẩu này.",
  "reset.noToken": "Liên kết không đầy đủ. Mở lại liên kết trong email, hoặc yêu cầu liên kết mới.",
  "reset.again": "Yêu cầu liên kết mới",
  "field.newPassword": "Mật khẩu mới",
  "verify.title": "Địa chỉ email của bạn",
  "verify.busy": "Đang kiểm tra liên kết …",
  "verify.done": "Địa chỉ email của bạn đã được xác nhận.",
  "verify.newAddress": "Địa chỉ cũ đã được xác nhận. Còn một bước: mở email chúng tôi gửi đến địa chỉ mới.",
  "verify.action": "Tiếp tục",
  "confirm.title": "Hoàn tất đăng ký",
  "confirm.lead": "Chỉ còn một bước.",
  "confirm.hint": "Mật khẩu bạn đã chọn khi đăng ký, để không ai khác dùng được liên kết này.",
  "confirm.again": "Quên mật khẩu này? Đăng ký lại",
  "confirm.action": "Tạo tài khoản của tôi",
} satisfies Translation<typeof en>;
