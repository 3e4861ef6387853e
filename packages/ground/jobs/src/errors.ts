import { refusals } from "@evx/kernel";

export const refuse = refusals({
  job_not_failed: {
    kind: "not_found",
    en: "There is no such failed job. It may have been started again already.",
    vi: "Không có công việc lỗi này. Có thể nó đã được chạy lại.",
  },
});
