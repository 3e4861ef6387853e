import { refusals } from "@evx/kernel";

/** What this room refuses, with what was kept and what to do. A file that cannot be read is refused by the formats. */
export const refuse = refusals({
  import_too_large: {
    kind: "too_large",
    en: "The file is larger than {limit} MB. Split it by year and upload the parts. Nothing was imported.",
    vi: "Tệp lớn hơn {limit} MB. Hãy chia theo năm rồi tải từng phần. Chưa có gì được nhập.",
  },
  import_interrupted: {
    kind: "invalid",
    en: "The upload broke off before the end. Nothing of it was imported; please send it again.",
    vi: "Việc tải lên bị ngắt giữa chừng. Chưa có gì được nhập; vui lòng gửi lại.",
  },
  import_many_wait: {
    kind: "rate_limited",
    en: "{most} of your files still wait to be read. Nothing of this one was stored; send it again in {minutes} min.",
    vi: "{most} tệp của bạn vẫn đang chờ được đọc. Tệp này chưa được lưu; hãy gửi lại sau {minutes} phút.",
  },
  import_owner_suspended: {
    kind: "forbidden",
    en: "This account was suspended while its file waited. Nothing more of it was imported; send it again when the account is open.",
    vi: "Tài khoản bị tạm khóa khi tệp đang chờ. Phần còn lại chưa được nhập; hãy gửi lại khi tài khoản được mở.",
  },
  import_repeats: {
    kind: "conflict",
    en: "These look like trips that are recorded already, moved by a constant time: the same file in another zone, or another export of the same drives. Nothing was imported. If they are other trips, send them again with repeat=true.",
    vi: "Đây có vẻ là các chuyến đi đã được ghi, bị lệch một khoảng thời gian cố định: cùng tệp ở múi giờ khác, hoặc tệp xuất khác của cùng chuyến đi. Chưa có gì được nhập. Nếu là các chuyến khác, hãy gửi lại với repeat=true.",
  },
  import_key_reused: {
    kind: "conflict",
    en: "This Idempotency-Key was already used with another content. Nothing was imported; send it with a new key.",
    vi: "Idempotency-Key này đã được dùng với nội dung khác. Chưa có gì được nhập; hãy gửi với khóa mới.",
  },
  import_not_found: {
    kind: "not_found",
    en: "There is no such import among yours.",
    vi: "Không có lần nhập này trong danh sách của bạn.",
  },
  import_already_ended: {
    kind: "conflict",
    en: "This import has already ended. Undo it if you do not want its trips.",
    vi: "Lần nhập này đã kết thúc. Hãy hoàn tác nếu bạn không muốn giữ các chuyến đi.",
  },
  import_still_running: {
    kind: "conflict",
    en: "This import is still running. Cancel it first, then undo it.",
    vi: "Lần nhập này vẫn đang chạy. Hãy hủy trước rồi hoàn tác.",
  },
  import_has_claims: {
    kind: "conflict",
    en: "{count} of these trips are in a request for credits and stay as they are. Nothing was removed.",
    vi: "{count} chuyến đi trong số này đang nằm trong yêu cầu phát hành tín chỉ và được giữ nguyên. Chưa có gì bị xóa.",
  },
});
