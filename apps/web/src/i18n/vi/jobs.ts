import type en from "../en/jobs.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Tác vụ nền",
  lead: "Việc các tiến trình nền cần làm, đã chờ bao lâu và việc nào bị lỗi.",
  "failed.title": "Lỗi hẳn",
  "failed.lead": "Đã thử 13 lần trong nửa giờ. Được giữ lại đến khi bạn chạy lại.",
  "failed.none": "Không có việc nào lỗi",
  "failed.noneBody": "Việc không thể hoàn thành sẽ hiện ở đây cùng lỗi của nó.",
  "queues.title": "Hàng đợi",
  "queues.lead": "Chỉ các hàng đợi đang có việc.",
  "queues.none": "Không có gì đang chờ",
  "queues.noneBody": "Các tiến trình nền đã làm xong mọi việc.",
  "unknown.lead": "Không tiến trình nền nào nhận các việc này. Hãy chạy tiến trình của phiên bản mới nhất.",
  "unknown.row": "{{ name }}: {{ count }}, cũ nhất từ {{ since }}",
  queue: "Hàng đợi",
  waiting: "Đang chờ",
  active: "Đang chạy",
  failed: "Lỗi",
  oldest: "Cũ nhất từ",
  error: "Nguyên nhân",
  raw: "Chi tiết kỹ thuật",
  attempts: "Số lần thử",
  failedAt: "Lỗi lúc",
  action: "Thao tác",
  retry: "Chạy lại",
  retried: "Một việc của {{ queue }} đang chạy lại",
} satisfies Translation<typeof en>;
