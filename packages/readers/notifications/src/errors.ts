import { refusals } from "@evx/kernel";

export const refuse = refusals({
  notification_not_found: {
    kind: "not_found",
    en: "This notification does not exist or is not yours.",
    vi: "Thông báo này không tồn tại hoặc không phải của bạn.",
  },
  notification_receiver_unknown: {
    kind: "not_found",
    en: "There is no such person to notify. Nothing was sent.",
    vi: "Không có người nhận này. Chưa có gì được gửi.",
  },
  notification_channel_unavailable: {
    kind: "unavailable",
    en: "No {channel} gateway is set up, so nothing was sent. Choose email or in_app.",
    vi: "Chưa cài đặt cổng {channel} nên chưa gửi gì. Hãy chọn email hoặc in_app.",
  },
});
