import { refusals } from "@evx/kernel";

/** Refusals of the ladder and of the wire itself. */
export const refuse = refusals({
  input_invalid: {
    kind: "invalid",
    en: "Some of what you sent cannot be used. Nothing was changed; correct the fields named and send again.",
    vi: "Một số dữ liệu bạn gửi không dùng được. Chưa có gì thay đổi; hãy sửa các trường được nêu rồi gửi lại.",
  },
  batch_too_large: {
    kind: "invalid",
    en: "One request may carry {most} calls at most; this one carried {calls}. None of them was done.",
    vi: "Mỗi yêu cầu chỉ được chứa tối đa {most} lệnh; yêu cầu này có {calls}. Chưa lệnh nào được thực hiện.",
  },
  file_in_batch: {
    kind: "invalid",
    en: "A file is asked for in a request of its own. Nothing was done; send this call alone.",
    vi: "Mỗi tệp phải được yêu cầu riêng. Chưa có gì được thực hiện; hãy gửi lệnh này một mình.",
  },
  method_wrong: {
    kind: "wrong_method",
    en: "This call is made with another HTTP method: GET to read, POST to change. Nothing was changed.",
    vi: "Lệnh này dùng phương thức HTTP khác: GET để đọc, POST để thay đổi. Chưa có gì thay đổi.",
  },
  answer_shown_once: {
    kind: "conflict",
    en: "This was done already under the same Idempotency-Key. Its answer held a secret, which is shown once and kept nowhere.",
    vi: "Việc này đã được thực hiện với cùng Idempotency-Key. Câu trả lời chứa bí mật, chỉ hiển thị một lần và không được lưu.",
  },
  sign_in_required: {
    kind: "unauthenticated",
    en: "Please sign in to do this.",
    vi: "Vui lòng đăng nhập để thực hiện việc này.",
  },
  role_required: {
    kind: "forbidden",
    en: "Your account's role ({role}) cannot do this.",
    vi: "Vai trò của tài khoản bạn ({role}) không được phép làm việc này.",
  },
  accreditation_required: {
    kind: "forbidden",
    en: "An operator must accredit you before you can review. Nothing was changed.",
    vi: "Quản trị viên phải công nhận bạn trước khi bạn có thể thẩm định. Chưa có gì thay đổi.",
  },
  scope_missing: {
    kind: "forbidden",
    en: "This API key has no scope for that ({scope}). Nothing was changed; make a key that has it.",
    vi: "Khóa API này không có phạm vi cho việc đó ({scope}). Chưa có gì thay đổi; hãy tạo khóa có phạm vi này.",
  },
  two_factor_setup_required: {
    kind: "forbidden",
    en: "Your role needs two-step sign-in. Set it up under Account, Security; then you can continue.",
    vi: "Vai trò của bạn cần đăng nhập hai bước. Hãy thiết lập trong Tài khoản, Bảo mật; sau đó bạn có thể tiếp tục.",
  },
  not_found: {
    kind: "not_found",
    en: "There is nothing here, or it is not yours to see.",
    vi: "Không có gì ở đây, hoặc bạn không có quyền xem.",
  },
  currency_wrong: {
    kind: "conflict",
    en: "This venue trades in {currency}. Nothing was changed; name your amount in {currency}.",
    vi: "Sàn này giao dịch bằng {currency}. Chưa có gì thay đổi; hãy nhập số tiền bằng {currency}.",
  },
  idempotency_key_reused: {
    kind: "conflict",
    en: "This Idempotency-Key was already used with another content. Nothing was changed; use a new key.",
    vi: "Idempotency-Key này đã được dùng với nội dung khác. Chưa có gì thay đổi; hãy dùng khóa mới.",
  },
  request_in_progress: {
    kind: "conflict",
    en: "The same request is still being worked on. Ask again in a moment; it will not be done twice.",
    vi: "Yêu cầu này vẫn đang được xử lý. Hãy thử lại sau giây lát; nó sẽ không bị thực hiện hai lần.",
  },
  body_too_large: {
    kind: "too_large",
    en: "That is larger than the {limit} allowed here. Nothing was stored.",
    vi: "Nội dung lớn hơn mức {limit} cho phép. Chưa có gì được lưu.",
  },
  body_slow: {
    kind: "invalid",
    en: "The body took longer than {seconds} s to arrive. Nothing was changed; send it again.",
    vi: "Nội dung mất hơn {seconds} giây để đến nơi. Chưa có gì thay đổi; hãy gửi lại.",
  },
  body_unreadable: {
    kind: "invalid",
    en: "The body could not be read as {expected}. Nothing was changed.",
    vi: "Không đọc được nội dung dưới dạng {expected}. Chưa có gì thay đổi.",
  },
  media_unsupported: {
    kind: "unsupported_media",
    en: "This call takes {expected}. Nothing was changed.",
    vi: "Lệnh này chỉ nhận {expected}. Chưa có gì thay đổi.",
  },
  rate_limited: {
    kind: "rate_limited",
    en: "Too many requests. Wait {seconds} s and try again; nothing was lost.",
    vi: "Quá nhiều yêu cầu. Hãy đợi {seconds} giây rồi thử lại; không mất gì cả.",
  },
  streams_many: {
    kind: "rate_limited",
    en: "You have {most} streams of news open, which is all that one may have. Close some, or try again in {minutes} min.",
    vi: "Bạn đang mở {most} luồng tin, là mức tối đa. Hãy đóng bớt hoặc thử lại sau {minutes} phút.",
  },
  venue_closed: {
    kind: "unavailable",
    en: "We are working on the venue, so it can only be read for now. Nothing was changed. Try again in about {minutes} min.",
    vi: "Chúng tôi đang bảo trì sàn nên tạm thời chỉ xem được. Chưa có gì thay đổi. Hãy thử lại sau khoảng {minutes} phút.",
  },
  server_leaving: {
    kind: "unavailable",
    en: "This server is being restarted. Connect again in {seconds} s.",
    vi: "Máy chủ này đang khởi động lại. Hãy kết nối lại sau {seconds} giây.",
  },
  server_fault: {
    kind: "unavailable",
    en: "Something went wrong on our side. Nothing was half done. Tell us this number if it happens again: {requestId}",
    vi: "Đã có lỗi từ phía chúng tôi. Không có gì bị làm dở dang. Nếu lặp lại, hãy báo mã này: {requestId}",
  },
});
