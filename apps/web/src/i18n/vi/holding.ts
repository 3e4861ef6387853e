import type en from "../en/holding.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Sổ trong ngày",
  note: "Mỗi ngày, sổ đăng ký gộp mọi số dư vào một con số mà về sau không ai sửa được. Trình duyệt của bạn kiểm tra rằng số dư của bạn nằm trong đó; không ai khác biết bạn giữ bao nhiêu.",
  in: "{{ amount }} của bạn có trong sổ ngày {{ date }}",
  nothing: "Khi chốt sổ ngày {{ date }}, bạn chưa giữ tín chỉ nào.",
  logged: "Đã kiểm tra tại đây. Chốt lúc {{ time }}, mục số {{ index }} của nhật ký công khai.",
  notLogged: "Đã kiểm tra tại đây. Chốt lúc {{ time }}; sẽ vào nhật ký công khai trong vài giây.",
  bad: "Số dư của bạn không nằm đúng trong sổ",
  unreachable: "Chưa đọc được sổ lúc này. Hãy thử lại sau giây lát.",
  save: "Lưu bằng chứng",
} satisfies Translation<typeof en>;
