import { refusals } from "@evx/kernel";

export const refuse = refusals({
  standing_same: {
    kind: "conflict",
    en: "The venue is in that mode already. Nothing was changed.",
    vi: "Sàn đang ở chế độ đó rồi. Chưa có gì thay đổi.",
  },
  until_past: {
    kind: "invalid",
    en: "The expected end lies in the past. Nothing was changed; choose a later moment.",
    vi: "Thời điểm kết thúc dự kiến đã qua. Chưa có gì thay đổi; hãy chọn thời điểm muộn hơn.",
  },
  announcement_period: {
    kind: "invalid",
    en: "An announcement ends after it begins, not in the past, and is shown for at most 90 days. Nothing was announced.",
    vi: "Thông báo phải kết thúc sau khi bắt đầu, không ở quá khứ và hiển thị tối đa 90 ngày. Chưa có gì được đăng.",
  },
  announcement_not_found: {
    kind: "not_found",
    en: "There is no such announcement, or it has ended already.",
    vi: "Không có thông báo này, hoặc thông báo đã kết thúc.",
  },
});
