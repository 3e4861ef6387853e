import { refusals } from "@evx/kernel";

/** The refusals of payments. None of them has moved money. */
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
  payment_refund_exceeds: {
    kind: "conflict",
    en: "There is less left of this payment than you asked to give back. Nothing was moved; write a smaller amount.",
    vi: "Khoản thanh toán này còn ít hơn số tiền bạn muốn hoàn. Chưa có gì được chuyển; hãy nhập số tiền nhỏ hơn.",
  },
  payment_refund_amount_invalid: {
    kind: "invalid",
    en: "Enter an amount in {currency} of more than nothing. Nothing was moved.",
    vi: "Hãy nhập số tiền bằng {currency}, lớn hơn không. Chưa có gì được chuyển.",
  },
  payment_refund_underway: {
    kind: "conflict",
    en: "A refund of this payment is on its way or failed. Nothing was moved; wait for it, or try that one again.",
    vi: "Một lần hoàn tiền của khoản này đang được xử lý hoặc đã thất bại. Chưa có gì được chuyển; hãy chờ hoặc thử lại lần đó.",
  },
  payment_not_settled: {
    kind: "conflict",
    en: "This sale is not settled yet, so it can only be refunded whole. Nothing was moved; a part can go back once it is settled.",
    vi: "Giao dịch này chưa được quyết toán nên chỉ có thể hoàn toàn bộ. Chưa có gì được chuyển; có thể hoàn một phần sau khi quyết toán.",
  },
  payment_disputed: {
    kind: "conflict",
    en: "This payment is disputed at the buyer's bank, which decides about the money. Nothing was moved; a refund now could pay twice.",
    vi: "Khoản thanh toán này đang bị khiếu nại tại ngân hàng của người mua và ngân hàng sẽ quyết định. Chưa có gì được chuyển; hoàn tiền lúc này có thể trả hai lần.",
  },
  dispute_not_open: {
    kind: "conflict",
    en: "This payment has no open dispute that could be answered. Nothing was sent.",
    vi: "Khoản thanh toán này không có khiếu nại đang mở để trả lời. Chưa có gì được gửi.",
  },
  dispute_answered_there: {
    kind: "conflict",
    en: "Disputes of {method} are answered in its own dashboard. Nothing was sent.",
    vi: "Khiếu nại qua {method} phải được trả lời trên trang quản lý của họ. Chưa có gì được gửi.",
  },
  gateway_tells_itself: {
    kind: "conflict",
    en: "{method} tells us of disputes and refunds by itself. Nothing was changed; it is asked again within a minute.",
    vi: "{method} tự báo cho chúng tôi về khiếu nại và hoàn tiền. Chưa có gì thay đổi; hệ thống sẽ hỏi lại trong vòng một phút.",
  },
  webhook_unknown: {
    kind: "not_found",
    en: "There is no such event that waits. Nothing was changed.",
    vi: "Không có sự kiện nào như vậy đang chờ. Chưa có gì thay đổi.",
  },
  debt_unknown: {
    kind: "not_found",
    en: "This person owes nothing. Nothing was changed.",
    vi: "Người này không còn nợ. Chưa có gì thay đổi.",
  },
  debt_exceeded: {
    kind: "invalid",
    en: "This person owes {due} {currency}. Nothing was changed; write that amount or less.",
    vi: "Người này nợ {due} {currency}. Chưa có gì thay đổi; hãy nhập số tiền đó hoặc ít hơn.",
  },
  payment_method_unavailable: {
    kind: "invalid",
    en: "Paying by {method} is not offered here yet. Nothing was charged; choose another way to pay.",
    vi: "Hiện chưa hỗ trợ thanh toán qua {method}. Bạn chưa bị trừ tiền; hãy chọn cách thanh toán khác.",
  },
  payment_pending: {
    kind: "conflict",
    en: "You have paid, and the payment service waits for the money. Do not pay again; this can take some days.",
    vi: "Bạn đã thanh toán và dịch vụ thanh toán đang chờ nhận tiền. Xin đừng trả lại lần nữa; việc này có thể mất vài ngày.",
  },
  payment_amount_not_charged: {
    kind: "conflict",
    en: "This amount or currency cannot be paid by {method}. You were not charged; choose another way to pay.",
    vi: "Không thể thanh toán số tiền hoặc loại tiền này qua {method}. Bạn chưa bị trừ tiền; hãy chọn cách thanh toán khác.",
  },
  payment_charge_changed: {
    kind: "conflict",
    en: "What {method} charges for this order has changed since it was shown to you. You were not charged; look at the new amount and pay again.",
    vi: "Số tiền {method} thu cho đơn hàng này đã thay đổi so với lúc hiển thị. Bạn chưa bị trừ tiền; hãy xem số tiền mới rồi thanh toán lại.",
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
});
