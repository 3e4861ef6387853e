import { refusals } from "@evx/kernel";

/** Refusals of accounts and access. */
export const refuse = refusals({
  email_taken: {
    kind: "conflict",
    en: "There is already an account with this email address. Nothing was created; sign in, or reset the password.",
    vi: "Địa chỉ email này đã có tài khoản. Chưa tạo gì mới; hãy đăng nhập hoặc đặt lại mật khẩu.",
  },
  credentials_wrong: {
    kind: "unauthenticated",
    en: "The email address or the password is not right. Check both and try again.",
    vi: "Email hoặc mật khẩu không đúng. Hãy kiểm tra lại và thử lần nữa.",
  },
  account_suspended: {
    kind: "forbidden",
    en: "This account is suspended. Your data is kept; write to the operator to have it looked at.",
    vi: "Tài khoản này đang bị tạm khóa. Dữ liệu của bạn vẫn được giữ; hãy liên hệ quản trị viên để được xem xét.",
  },
  server_clock_wrong: {
    kind: "unavailable",
    en: "This server's clock is wrong, so it can judge neither codes nor links. Nothing was done, and links stay good; try again in {seconds} s.",
    vi: "Đồng hồ của máy chủ này đang sai nên không thể xét mã và liên kết. Chưa có gì được thực hiện, liên kết vẫn còn hiệu lực; hãy thử lại sau {seconds} giây.",
  },
  sign_in_limited: {
    kind: "rate_limited",
    en: "Too many failed attempts to sign in. Wait {seconds} s and try again; the account is unchanged.",
    vi: "Đăng nhập sai quá nhiều lần. Hãy đợi {seconds} giây rồi thử lại; tài khoản không bị thay đổi.",
  },
  refresh_token_invalid: {
    kind: "unauthenticated",
    en: "This refresh token is not known or has expired. Sign in again.",
    vi: "Refresh token này không tồn tại hoặc đã hết hạn. Hãy đăng nhập lại.",
  },
  refresh_token_reused: {
    kind: "unauthenticated",
    en: "This refresh token was already used, so its whole session was ended for safety. Sign in again.",
    vi: "Refresh token này đã được dùng, nên toàn bộ phiên đã bị kết thúc để bảo vệ bạn. Hãy đăng nhập lại.",
  },
  refresh_in_progress: {
    kind: "conflict",
    en: "The same refresh token is being used at this moment. Use the answer of that call; this one changed nothing.",
    vi: "Refresh token này đang được dùng ở một yêu cầu khác. Hãy dùng kết quả của yêu cầu đó; yêu cầu này không thay đổi gì.",
  },
  user_not_found: {
    kind: "not_found",
    en: "There is no such person, or they are not yours to see.",
    vi: "Không có người dùng này, hoặc bạn không có quyền xem.",
  },
  last_admin: {
    kind: "conflict",
    en: "This is the last active operator, so nothing was changed. Make another operator first.",
    vi: "Đây là quản trị viên đang hoạt động cuối cùng nên không có gì thay đổi. Hãy tạo quản trị viên khác trước.",
  },
  suspend_self: {
    kind: "conflict",
    en: "You cannot suspend your own account. Nothing was changed; ask another operator.",
    vi: "Bạn không thể tự tạm khóa tài khoản của mình. Chưa có gì thay đổi; hãy nhờ quản trị viên khác.",
  },
  role_change_self: {
    kind: "conflict",
    en: "You cannot change your own role. Nothing was changed; ask another operator.",
    vi: "Bạn không thể tự đổi vai trò của mình. Chưa có gì thay đổi; hãy nhờ quản trị viên khác.",
  },
  accredit_only_cva: {
    kind: "conflict",
    en: "Only a person with the role cva can be accredited. Nothing was changed.",
    vi: "Chỉ người có vai trò cva mới được công nhận. Chưa có gì thay đổi.",
  },
  link_invalid: {
    kind: "invalid",
    en: "This link does not work any more: it was used, has expired or is incomplete. Nothing was changed; ask for a new one.",
    vi: "Liên kết này không còn dùng được: đã được dùng, đã hết hạn hoặc không đầy đủ. Chưa có gì thay đổi; hãy yêu cầu liên kết mới.",
  },
  letters_limited: {
    kind: "rate_limited",
    en: "We have just sent you several emails. Check your inbox, or ask again in {minutes} min.",
    vi: "Chúng tôi vừa gửi cho bạn nhiều email. Hãy kiểm tra email hoặc yêu cầu lại sau {minutes} phút.",
  },
  password_wrong: {
    kind: "forbidden",
    en: "That is not your current password. Nothing was changed.",
    vi: "Đó không phải mật khẩu hiện tại của bạn. Chưa có gì thay đổi.",
  },
  password_common: {
    kind: "invalid",
    en: "That password is among the first that attackers try. Nothing was changed; choose another, such as three words.",
    vi: "Mật khẩu này nằm trong số những mật khẩu kẻ tấn công thử đầu tiên. Chưa có gì thay đổi; hãy chọn mật khẩu khác, ví dụ ba từ.",
  },
  proof_required: {
    kind: "forbidden",
    en: "Give your password once more to do this. Nothing was changed.",
    vi: "Hãy nhập lại mật khẩu để làm việc này. Chưa có gì thay đổi.",
  },
  email_unchanged: {
    kind: "conflict",
    en: "That is already your email address. Nothing was changed.",
    vi: "Đó đã là địa chỉ email của bạn. Chưa có gì thay đổi.",
  },
  email_verified_already: {
    kind: "conflict",
    en: "Your email address is confirmed already; there is nothing to do.",
    vi: "Địa chỉ email của bạn đã được xác nhận; bạn không cần làm gì thêm.",
  },
  session_required: {
    kind: "forbidden",
    en: "This can be done only when signed in with a password, not with an API key. Nothing was changed.",
    vi: "Việc này chỉ làm được khi đăng nhập bằng mật khẩu, không phải bằng khóa API. Chưa có gì thay đổi.",
  },
  session_not_found: {
    kind: "not_found",
    en: "There is no such session of yours; perhaps it has ended already.",
    vi: "Bạn không có phiên này; có thể nó đã kết thúc.",
  },
  two_factor_required: {
    kind: "unauthenticated",
    en: "Your password is right. Now enter the six digits of your authenticator, or a recovery code.",
    vi: "Mật khẩu đúng. Bây giờ hãy nhập sáu chữ số từ ứng dụng xác thực, hoặc một mã khôi phục.",
  },
  two_factor_wrong: {
    kind: "unauthenticated",
    en: "That code is not right or has run out. Wait for the next one and try again.",
    vi: "Mã này không đúng hoặc đã hết hạn. Hãy đợi mã tiếp theo rồi thử lại.",
  },
  two_factor_code_wrong: {
    kind: "forbidden",
    en: "That code is not right or has run out. Nothing was changed; wait for the next one and try again.",
    vi: "Mã này không đúng hoặc đã hết hạn. Chưa có gì thay đổi; hãy đợi mã tiếp theo rồi thử lại.",
  },
  two_factor_on_already: {
    kind: "conflict",
    en: "Two-step sign-in is on already. Turn it off first to set it up anew.",
    vi: "Đăng nhập hai bước đã được bật. Hãy tắt trước nếu muốn thiết lập lại.",
  },
  two_factor_off_already: {
    kind: "conflict",
    en: "Two-step sign-in is not on. Nothing was changed.",
    vi: "Đăng nhập hai bước chưa được bật. Chưa có gì thay đổi.",
  },
  api_keys_full: {
    kind: "conflict",
    en: "You have {most} API keys, which is the most. Nothing was made; end one that you no longer use.",
    vi: "Bạn đã có {most} khóa API, là mức tối đa. Chưa tạo gì mới; hãy kết thúc một khóa không còn dùng.",
  },
  api_key_not_found: {
    kind: "not_found",
    en: "There is no such API key of yours; perhaps it has ended already.",
    vi: "Bạn không có khóa API này; có thể nó đã kết thúc.",
  },
});
