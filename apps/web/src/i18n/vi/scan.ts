import type en from "../en/scan.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Đưa mã QR vào khung hình",
  lead: "Mã nằm trên trang chứng nhận và trong tệp PDF. Hình ảnh không rời khỏi thiết bị này.",
  stop: "Dừng",
  none: "Không có máy ảnh",
  noneBody: "Hãy cho phép trang này dùng máy ảnh, hoặc nhập số chứng nhận.",
  foreign: "Mã QR này không phải của chứng nhận do chúng tôi cấp.",
} satisfies Translation<typeof en>;
