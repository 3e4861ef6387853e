import { refusals } from "@evx/kernel";

/** What this room refuses, with what was kept and what to do. */
export const refuse = refusals({
  push_token_unknown: {
    kind: "not_found",
    en: "There is no such push token, or it was revoked. Nothing was changed.",
    vi: "Không có mã gửi này, hoặc mã đã bị thu hồi. Chưa có gì thay đổi.",
  },
  connections_not_configured: {
    kind: "unavailable",
    en: "This venue cannot connect cars yet. Import a file, or let your own device send the trips.",
    vi: "Sàn này chưa kết nối được với xe. Hãy nhập tệp, hoặc để thiết bị của bạn gửi chuyến đi.",
  },
  connection_state_invalid: {
    kind: "invalid",
    en: "The connection was not allowed, or the link is too old. Nothing was changed; start it again from the vehicle's page.",
    vi: "Kết nối chưa được cho phép, hoặc liên kết đã quá cũ. Chưa có gì thay đổi; hãy bắt đầu lại từ trang của xe.",
  },
  connection_other_car: {
    kind: "conflict",
    en: "The car you allowed has another VIN than this vehicle. Nothing was connected; choose the right car.",
    vi: "Xe bạn cho phép có số VIN khác với xe này. Chưa kết nối gì; hãy chọn đúng xe.",
  },
  connection_provider_silent: {
    kind: "unavailable",
    en: "The car's service does not answer at the moment. Nothing was connected; try again in a few minutes.",
    vi: "Dịch vụ của xe hiện không trả lời. Chưa kết nối gì; hãy thử lại sau vài phút.",
  },
  push_token_invalid: {
    kind: "unauthenticated",
    en: "This push token is not valid. Nothing was recorded; make a new one on the vehicle's page.",
    vi: "Mã gửi dữ liệu không hợp lệ. Chưa có gì được ghi; hãy tạo mã mới ở trang của xe.",
  },
});
