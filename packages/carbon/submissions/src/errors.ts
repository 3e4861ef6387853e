import { refusals } from "@evx/kernel";

/** Refusals of submissions. */
export const refuse = refusals({
  request_vehicle_unknown: {
    kind: "not_found",
    en: "One of these vehicles is not yours. Nothing was requested.",
    vi: "Có xe không thuộc về bạn. Chưa gửi yêu cầu nào.",
  },
  request_fleet_nothing: {
    kind: "conflict",
    en: "None of your cars has trips that are free to request. Nothing was requested; import their trips first.",
    vi: "Không xe nào có chuyến đi còn có thể yêu cầu. Chưa gửi yêu cầu nào; hãy nhập chuyến đi trước.",
  },
  request_owner_suspended: {
    kind: "forbidden",
    en: "This account was suspended while the request waited. Its trips are free; ask again when the account is open.",
    vi: "Tài khoản bị tạm khóa khi yêu cầu đang chờ. Các chuyến đi vẫn còn; hãy gửi lại khi tài khoản được mở.",
  },
  submission_not_found: {
    kind: "not_found",
    en: "There is no such submission among yours.",
    vi: "Không có lần gửi này trong danh sách của bạn.",
  },
});
