import type en from "../en/footer.ts";
import type { Translation } from "../translation.ts";

export default {
  label: "Các trang khác",
  sell: "Bán",
  buy: "Mua",
  check: "Kiểm tra",
  company: "Công ty",
  "link./#estimate": "Ước tính thu nhập",
  "link./sign-up?role=ev_owner": "Bắt đầu với xe của bạn",
  "link./methods": "Cách tính CO₂",
  "link./terms#fees": "Biểu phí",
  "link./marketplace": "Sàn tín chỉ",
  "link./trends": "Giá",
  "link./sign-up?role=buyer": "Mở tài khoản mua",
  "link./registry": "Sổ đăng ký",
  "link./certificates": "Kiểm tra chứng nhận",
  "link./docs": "Tài liệu và API",
  "link./terms": "Điều khoản",
  "link./privacy": "Quyền riêng tư",
  "link./contact": "Liên hệ",
  "link./sign-up?role=cva": "Trở thành thẩm định viên",
  promise: "Mỗi gam chỉ được tính một lần, và ai cũng kiểm tra được.",
} satisfies Translation<typeof en>;
