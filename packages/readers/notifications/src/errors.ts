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
  push_address_foreign: {
    kind: "invalid",
    en: "This is not an address of a push service that the venue knows. Use a current Chrome, Edge, Firefox or Safari.",
    vi: "Đây không phải địa chỉ của dịch vụ thông báo đẩy mà sàn nhận. Hãy dùng Chrome, Edge, Firefox hoặc Safari bản mới.",
  },
  push_devices_full: {
    kind: "conflict",
    en: "Twenty browsers get your pushes already. Remove one first.",
    vi: "Đã có hai mươi trình duyệt nhận thông báo đẩy của bạn. Hãy bỏ bớt một trình duyệt trước.",
  },
  phone_codes_used_up: {
    kind: "rate_limited",
    en: "Five codes were sent today. Try again tomorrow.",
    vi: "Hôm nay đã gửi năm mã. Hãy thử lại vào ngày mai.",
  },
  phone_code_wrong: {
    kind: "invalid",
    en: "This is not the code of the last SMS, or it is older than ten minutes. After five wrong ones ask for a new code.",
    vi: "Mã không đúng với tin nhắn SMS gần nhất hoặc đã quá mười phút. Sau năm lần sai, hãy yêu cầu mã mới.",
  },
  leave_link_unknown: {
    kind: "not_found",
    en: "This link does not belong to any account. Choose your emails under Notifications.",
    vi: "Liên kết này không thuộc tài khoản nào. Hãy chọn loại thư trong phần Thông báo.",
  },
  nothing_undelivered: {
    kind: "conflict",
    en: "None of these waits to be sent again: each was delivered, or is on its way.",
    vi: "Không có mục nào cần gửi lại: đã gửi xong hoặc đang được gửi.",
  },
});
