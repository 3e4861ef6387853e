import { refusals } from "@evx/kernel";

/** Refusals of identity and access. */
export const refuse = refusals({
  email_taken: {
    kind: "conflict",
    en: "There is already an account with this e-mail address. Nothing was created; sign in, or reset the password.",
    vi: "Địa chỉ email này đã có tài khoản. Chưa tạo gì mới; hãy đăng nhập hoặc đặt lại mật khẩu.",
  },
  credentials_wrong: {
    kind: "unauthenticated",
    en: "The e-mail address or the password is not right. Check both and try again.",
    vi: "Email hoặc mật khẩu không đúng. Hãy kiểm tra lại và thử lần nữa.",
  },
  account_suspended: {
    kind: "forbidden",
    en: "This account is suspended. Your data is kept; write to the operator to have it looked at.",
    vi: "Tài khoản này đang bị tạm ngưng. Dữ liệu của bạn vẫn được giữ; hãy liên hệ nhà vận hành để được xem xét.",
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
    en: "This is the last active administrator, so nothing was changed. Make another administrator first.",
    vi: "Đây là quản trị viên đang hoạt động cuối cùng nên không có gì thay đổi. Hãy tạo quản trị viên khác trước.",
  },
  suspend_self: {
    kind: "conflict",
    en: "You cannot suspend your own account. Nothing was changed; ask another administrator.",
    vi: "Bạn không thể tự tạm ngưng tài khoản của mình. Chưa có gì thay đổi; hãy nhờ quản trị viên khác.",
  },
  role_change_self: {
    kind: "conflict",
    en: "You cannot change your own role. Nothing was changed; ask another administrator.",
    vi: "Bạn không thể tự đổi vai trò của mình. Chưa có gì thay đổi; hãy nhờ quản trị viên khác.",
  },
  accredit_only_cva: {
    kind: "conflict",
    en: "Only a person with the role cva can be accredited. Nothing was changed.",
    vi: "Chỉ người có vai trò cva mới được công nhận. Chưa có gì thay đổi.",
  },
});
