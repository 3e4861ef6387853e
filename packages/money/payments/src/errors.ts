import { refusals } from "@evx/kernel";

/** The refusals of payments and withdrawals. None of them has moved money. */
export const refuse = refusals({
  payment_unknown: {
    kind: "not_found",
    en: "There is no payment for this order, or it is not yours to see.",
    vi: "Không có khoản thanh toán nào cho đơn hàng này, hoặc bạn không có quyền xem.",
  },
  payment_id_reused: {
    kind: "conflict",
    en: "This payment or order already has a payment with another content. It stands as it was; use a new order.",
    vi: "Đơn hàng này đã có một khoản thanh toán với nội dung khác. Khoản cũ giữ nguyên; hãy dùng đơn hàng mới.",
  },
  payment_already_paid: {
    kind: "conflict",
    en: "This order has been paid already. You were not charged again; look at the order for what became of it.",
    vi: "Đơn hàng này đã được thanh toán. Bạn không bị trừ tiền thêm; hãy xem đơn hàng để biết kết quả.",
  },
  payment_expired: {
    kind: "conflict",
    en: "The time to pay this order is over. You were not charged; order again if the credits are still for sale.",
    vi: "Đã hết thời gian thanh toán đơn hàng này. Bạn chưa bị trừ tiền; hãy đặt lại nếu tín chỉ còn được bán.",
  },
  payment_not_captured: {
    kind: "conflict",
    en: "The buyer's money for this order is not here, or is on its way back to them. Nothing was moved.",
    vi: "Tiền của người mua cho đơn hàng này chưa có hoặc đang được trả lại. Chưa có gì được chuyển.",
  },
  payment_settled: {
    kind: "conflict",
    en: "This payment was already settled with the seller. Nothing was moved; it cannot be taken back this way.",
    vi: "Khoản thanh toán này đã được quyết toán cho người bán. Chưa có gì được chuyển; không thể hoàn theo cách này.",
  },
  payment_method_unavailable: {
    kind: "invalid",
    en: "Paying by {method} is not offered here yet. Nothing was charged; choose another way to pay.",
    vi: "Hiện chưa hỗ trợ thanh toán qua {method}. Bạn chưa bị trừ tiền; hãy chọn cách thanh toán khác.",
  },
  payment_gateway_unavailable: {
    kind: "unavailable",
    en: "The payment service does not answer right now. You were not charged and your order is kept; try again in a minute.",
    vi: "Dịch vụ thanh toán hiện không phản hồi. Bạn chưa bị trừ tiền và đơn hàng vẫn được giữ; hãy thử lại sau một phút.",
  },
  payment_gateway_refused: {
    kind: "conflict",
    en: "The payment service does not accept this payment ({reason}). You were not charged; try another way to pay.",
    vi: "Dịch vụ thanh toán không chấp nhận khoản này ({reason}). Bạn chưa bị trừ tiền; hãy thử cách thanh toán khác.",
  },
  payment_not_flagged: {
    kind: "conflict",
    en: "This payment waits for nobody's attention. Nothing was changed.",
    vi: "Khoản thanh toán này không cần xử lý. Chưa có gì thay đổi.",
  },
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
    en: "Write an amount in {currency} of at least {minimum}. Nothing was withdrawn.",
    vi: "Hãy nhập số tiền bằng {currency}, tối thiểu {minimum}. Chưa có gì được rút.",
  },
  withdrawal_exceeds_balance: {
    kind: "conflict",
    en: "You can withdraw {available} {currency} now. Nothing was withdrawn; choose that amount or less.",
    vi: "Hiện bạn có thể rút {available} {currency}. Chưa có gì được rút; hãy chọn số tiền đó hoặc ít hơn.",
  },
  withdrawal_needs_email: {
    kind: "forbidden",
    en: "Confirm your e-mail address before you withdraw. Your balance is kept; follow the link that we sent you.",
    vi: "Hãy xác nhận địa chỉ e-mail trước khi rút tiền. Số dư của bạn được giữ nguyên; hãy mở liên kết chúng tôi đã gửi.",
  },
  withdrawal_needs_identity: {
    kind: "forbidden",
    en: "Prove your identity before you withdraw more than {limit} {currency} in {days} days. Your balance is kept; hand in your document on your account page.",
    vi: "Hãy xác minh danh tính trước khi rút quá {limit} {currency} trong {days} ngày. Số dư được giữ nguyên; hãy nộp giấy tờ ở trang tài khoản.",
  },
  withdrawal_bank_invalid: {
    kind: "invalid",
    en: "The bank account cannot be read. Nothing was withdrawn; write the account number or IBAN, with the bank's name.",
    vi: "Không đọc được tài khoản ngân hàng. Chưa có gì được rút; hãy ghi số tài khoản hoặc IBAN cùng tên ngân hàng.",
  },
  withdrawal_decided: {
    kind: "conflict",
    en: "This withdrawal was already decided: it is {status}. Nothing was changed.",
    vi: "Lệnh rút tiền này đã được quyết định: {status}. Chưa có gì thay đổi.",
  },
});
