import { refusals } from "@evx/kernel";

/** The refusals of withdrawals. None of them has moved money. */
export const refuse = refusals({
  withdrawal_unknown: {
    kind: "not_found",
    en: "There is no such withdrawal, or it is not yours to see.",
    vi: "Không có lệnh rút tiền này, hoặc bạn không có quyền xem.",
  },
  withdrawal_id_reused: {
    kind: "conflict",
    en: "A withdrawal under this id was already asked for with another amount or account. It stands as it was; use a new id.",
    vi: "Mã rút tiền này đã được dùng với số tiền hoặc tài khoản khác. Lệnh cũ giữ nguyên; hãy dùng mã mới.",
  },
  withdrawal_amount_invalid: {
    kind: "invalid",
    en: "Enter an amount in {currency} of at least {minimum}. Nothing was withdrawn.",
    vi: "Hãy nhập số tiền bằng {currency}, tối thiểu {minimum}. Chưa có gì được rút.",
  },
  withdrawal_exceeds_balance: {
    kind: "conflict",
    en: "You can withdraw {available} {currency} now. Nothing was withdrawn; choose that amount or less.",
    vi: "Hiện bạn có thể rút {available} {currency}. Chưa có gì được rút; hãy chọn số tiền đó hoặc ít hơn.",
  },
  withdrawal_needs_email: {
    kind: "forbidden",
    en: "Confirm your email address before you withdraw. Your balance is kept; follow the link that we sent you.",
    vi: "Hãy xác nhận địa chỉ email trước khi rút tiền. Số dư của bạn được giữ nguyên; hãy mở liên kết chúng tôi đã gửi.",
  },
  withdrawal_needs_identity: {
    kind: "forbidden",
    en: "Prove your identity before you withdraw more than {limit} {currency} in {days} days. Your balance is kept; submit your document on your account page.",
    vi: "Hãy xác minh danh tính trước khi rút quá {limit} {currency} trong {days} ngày. Số dư được giữ nguyên; hãy nộp giấy tờ ở trang tài khoản.",
  },
  withdrawal_bank_invalid: {
    kind: "invalid",
    en: "The bank account cannot be read. Nothing was withdrawn; write the account number or IBAN, with the bank's name.",
    vi: "Không đọc được tài khoản ngân hàng. Chưa có gì được rút; vui lòng nhập số tài khoản hoặc IBAN cùng tên ngân hàng.",
  },
  withdrawal_paypal_not_offered: {
    kind: "invalid",
    en: "The venue cannot send {currency} to a PayPal account. Nothing was withdrawn; name a bank account.",
    vi: "Sàn không thể gửi {currency} tới tài khoản PayPal. Chưa có gì được rút; vui lòng nhập một tài khoản ngân hàng.",
  },
  withdrawal_decided: {
    kind: "conflict",
    en: "This withdrawal was already decided: it is {status}. Nothing was changed.",
    vi: "Lệnh rút tiền này đã được quyết định: {status}. Chưa có gì thay đổi.",
  },
});
