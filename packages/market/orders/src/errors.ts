import { refusals } from "@evx/kernel";

/** Everything that buying and settling says no to. In every case nothing has moved. */
export const refuse = refusals({
  listing_reserved: {
    kind: "conflict",
    en: "All credits of this listing are reserved by orders that wait for payment. Nothing was charged; look again in half an hour.",
    vi: "Toàn bộ tín chỉ của tin đăng đang được giữ cho các đơn chờ thanh toán. Bạn chưa bị trừ tiền; hãy xem lại sau nửa giờ.",
  },
  listing_exceeded: {
    kind: "conflict",
    en: "Only {remaining} credits are left in this listing. Nothing was reserved; ask for that many or fewer.",
    vi: "Tin đăng chỉ còn {remaining} tín chỉ. Chưa có gì được giữ chỗ; hãy chọn số lượng bằng hoặc ít hơn.",
  },
  listing_is_auction: {
    kind: "conflict",
    en: "These credits are sold by auction. Place a bid instead; nothing was charged.",
    vi: "Số tín chỉ này được bán đấu giá. Hãy đặt giá thầu; bạn chưa bị trừ tiền.",
  },
  order_not_found: {
    kind: "not_found",
    en: "This order does not exist, or it is not yours to see.",
    vi: "Đơn hàng này không tồn tại hoặc bạn không có quyền xem.",
  },
  order_id_reused: {
    kind: "conflict",
    en: "That order id was already used for another purchase. Nothing was reserved; use a new id.",
    vi: "Mã đơn hàng này đã được dùng cho giao dịch khác. Chưa giữ chỗ gì; hãy dùng mã mới.",
  },
  order_too_small: {
    kind: "invalid",
    en: "That little costs less than the smallest unit of {currency}. Nothing was reserved; choose more credits.",
    vi: "Số lượng này có giá thấp hơn đơn vị nhỏ nhất của {currency}. Chưa giữ chỗ gì; hãy chọn nhiều hơn.",
  },
  order_limit_reached: {
    kind: "conflict",
    en: "You have {limit} unpaid orders open. Nothing more was reserved; pay or cancel one first.",
    vi: "Bạn đang có {limit} đơn chưa thanh toán. Không giữ chỗ thêm; hãy thanh toán hoặc hủy bớt một đơn.",
  },
  order_below_least: {
    kind: "invalid",
    en: "One order of this listing takes at least {least} credits. Nothing was reserved; choose more.",
    vi: "Mỗi đơn của tin đăng này phải mua ít nhất {least} tín chỉ. Chưa giữ chỗ gì; hãy chọn nhiều hơn.",
  },
  quote_short: {
    kind: "conflict",
    en: "Only {available} credits are for sale on these terms, your own listings apart. Nothing was reserved; ask for fewer, or raise the limit.",
    vi: "Chỉ có {available} tín chỉ đang được bán theo điều kiện này, không kể tin đăng của chính bạn. Chưa giữ chỗ gì; hãy giảm số lượng hoặc nâng mức giá.",
  },
  quote_not_found: {
    kind: "not_found",
    en: "This quote does not exist. Ask for a new one.",
    vi: "Báo giá này không tồn tại. Hãy yêu cầu báo giá mới.",
  },
  quote_used: {
    kind: "conflict",
    en: "This quote was already ordered as {orderId}. Nothing more was reserved; ask for a new one.",
    vi: "Báo giá này đã được dùng cho đơn {orderId}. Không giữ chỗ thêm; hãy yêu cầu báo giá mới.",
  },
  quote_lapsed: {
    kind: "conflict",
    en: "This quote has lapsed: it holds for two minutes. Nothing was reserved; ask for a new one.",
    vi: "Báo giá đã hết hiệu lực: báo giá chỉ có giá trị trong hai phút. Chưa giữ chỗ gì; hãy yêu cầu báo giá mới.",
  },
  quote_gone: {
    kind: "conflict",
    en: "{listings} of the quoted listings are not there any more as they were. Nothing was reserved; ask for a new quote.",
    vi: "{listings} tin đăng trong báo giá không còn như trước. Chưa giữ chỗ gì; hãy yêu cầu báo giá mới.",
  },
  dispute_not_found: {
    kind: "not_found",
    en: "This dispute does not exist, or it is not yours to see.",
    vi: "Khiếu nại này không tồn tại hoặc bạn không có quyền xem.",
  },
  dispute_not_possible: {
    kind: "conflict",
    en: "Only an order that was paid can be disputed. This one is {status}; nothing was changed.",
    vi: "Chỉ có thể khiếu nại đơn đã thanh toán. Đơn này đang ở trạng thái {status}; chưa có gì thay đổi.",
  },
  dispute_resolved: {
    kind: "conflict",
    en: "This dispute was decided already. Nothing was changed.",
    vi: "Khiếu nại này đã được giải quyết. Chưa có gì thay đổi.",
  },
  evidence_not_found: {
    kind: "not_found",
    en: "This file does not exist, or it is not yours to see.",
    vi: "Tệp này không tồn tại hoặc bạn không có quyền xem.",
  },
  evidence_full: {
    kind: "conflict",
    en: "You have added {most} files to this dispute. Nothing was kept; say the rest in a message.",
    vi: "Bạn đã thêm {most} tệp vào khiếu nại này. Chưa lưu gì; hãy trình bày phần còn lại trong tin nhắn.",
  },
  dispute_amount_wrong: {
    kind: "invalid",
    en: "A partial refund names an amount of {currency} that is more than zero; the other outcomes name none. Nothing was changed.",
    vi: "Hoàn một phần phải nêu số tiền {currency} lớn hơn 0; các kết quả khác không nêu số tiền. Chưa có gì thay đổi.",
  },
  seller_not_found: {
    kind: "not_found",
    en: "Nobody sells under this id.",
    vi: "Không có người bán nào với mã này.",
  },
  revoked_batch_not_found: {
    kind: "not_found",
    en: "No revoked batch has that number. Nothing was changed.",
    vi: "Không có lô bị thu hồi nào mang số đó. Chưa có gì thay đổi.",
  },
  revoked_sale_not_found: {
    kind: "not_found",
    en: "This order's buyer has no credits of the revoked batch from it any more, or bought them with many listings at once. No money was sent; credits from your wallet can make up for these.",
    vi: "Người mua của đơn này không còn giữ tín chỉ của lô bị thu hồi, hoặc đã mua gộp từ nhiều tin. Chưa hoàn tiền; bạn có thể bù bằng tín chỉ trong ví của mình.",
  },
  self_dealing_not_found: {
    kind: "not_found",
    en: "This order is not flagged. Nothing was changed.",
    vi: "Đơn hàng này không bị đánh dấu. Chưa có gì thay đổi.",
  },
  order_money_withheld: {
    kind: "conflict",
    en: "The payment of order {orderId} is disputed or being refunded. The order keeps its credits until that is decided.",
    vi: "Khoản thanh toán của đơn {orderId} đang có khiếu nại hoặc đang hoàn tiền. Đơn hàng vẫn giữ tín chỉ cho đến khi có kết quả.",
  },
  order_won_binding: {
    kind: "conflict",
    en: "A won auction is binding. Pay before {expiresAt}; what is not paid goes to the next bidder and counts as a strike.",
    vi: "Thắng đấu giá là cam kết. Hãy thanh toán trước {expiresAt}; nếu không, lô hàng sang người trả giá tiếp theo và bạn bị ghi một lần vi phạm.",
  },
  order_not_cancellable: {
    kind: "conflict",
    en: "Only an order that waits for payment can be cancelled. This one is {status}; nothing was changed.",
    vi: "Chỉ có thể hủy đơn đang chờ thanh toán. Đơn này đang ở trạng thái {status}; chưa có gì thay đổi.",
  },
});
