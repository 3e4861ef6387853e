import { refusals } from "@evx/kernel";

/** Everything the marketplace says no to. In every case nothing has moved. */
export const refuse = refusals({
  listing_not_found: {
    kind: "not_found",
    en: "This listing does not exist.",
    vi: "Tin đăng này không tồn tại.",
  },
  listing_sold: {
    kind: "conflict",
    en: "This listing has been sold. Nothing was charged; other listings are open.",
    vi: "Tin đăng này đã được bán hết. Bạn chưa bị trừ tiền; vẫn còn các tin đăng khác.",
  },
  listing_ended: {
    kind: "conflict",
    en: "This listing is no longer for sale. Nothing was charged; other listings are open.",
    vi: "Tin đăng này không còn được bán. Bạn chưa bị trừ tiền; vẫn còn các tin đăng khác.",
  },
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
  listing_is_own: {
    kind: "conflict",
    en: "You cannot buy or bid on your own listing. Nothing was changed.",
    vi: "Bạn không thể mua hoặc trả giá tin đăng của chính mình. Chưa có gì thay đổi.",
  },
  listing_is_auction: {
    kind: "conflict",
    en: "These credits are sold by auction. Place a bid instead; nothing was charged.",
    vi: "Số tín chỉ này được bán đấu giá. Hãy đặt giá thầu; bạn chưa bị trừ tiền.",
  },
  listing_is_fixed: {
    kind: "conflict",
    en: "These credits have a fixed price. Buy them instead of bidding; nothing was changed.",
    vi: "Số tín chỉ này có giá cố định. Hãy mua trực tiếp thay vì trả giá; chưa có gì thay đổi.",
  },
  listing_has_bids: {
    kind: "conflict",
    en: "This auction has bids and runs to its end. The credits stay reserved until then.",
    vi: "Phiên đấu giá này đã có người trả giá nên phải chạy đến hết. Tín chỉ vẫn được giữ đến lúc đó.",
  },
  listing_id_reused: {
    kind: "conflict",
    en: "That listing id was already used for something else. Nothing was listed; use a new id.",
    vi: "Mã tin đăng này đã được dùng cho nội dung khác. Chưa đăng bán gì; hãy dùng mã mới.",
  },
  listing_too_large: {
    kind: "invalid",
    en: "At this price the whole listing is worth more than the venue can settle. Nothing was listed; lower the price or the amount.",
    vi: "Với giá này, tổng giá trị tin đăng vượt mức sàn có thể thanh toán. Chưa đăng bán gì; hãy giảm giá hoặc số lượng.",
  },
  listing_too_small: {
    kind: "invalid",
    en: "The whole listing would cost less than the smallest unit of {currency}. Nothing was listed; raise the price or the amount.",
    vi: "Toàn bộ tin đăng có giá thấp hơn đơn vị nhỏ nhất của {currency}. Chưa đăng bán gì; hãy tăng giá hoặc số lượng.",
  },
  auction_end_required: {
    kind: "invalid",
    en: "An auction needs an end time. Nothing was listed; choose when the auction ends.",
    vi: "Phiên đấu giá cần thời điểm kết thúc. Chưa đăng bán gì; hãy chọn thời điểm kết thúc.",
  },
  auction_end_out_of_range: {
    kind: "invalid",
    en: "An auction runs at least {shortest} seconds and at most {longest} days. Nothing was listed; choose another end.",
    vi: "Phiên đấu giá kéo dài ít nhất {shortest} giây và nhiều nhất {longest} ngày. Chưa đăng bán gì; hãy chọn thời điểm khác.",
  },
  auction_fields_on_fixed: {
    kind: "invalid",
    en: "A fixed price has neither an end time nor a reserve price. Nothing was listed; leave them out or choose an auction.",
    vi: "Giá cố định không có thời điểm kết thúc hay giá sàn. Chưa đăng bán gì; hãy bỏ trống hoặc chọn đấu giá.",
  },
  auction_reserve_too_low: {
    kind: "invalid",
    en: "The reserve price cannot be below the starting price. Nothing was listed; raise the reserve or leave it out.",
    vi: "Giá sàn không thể thấp hơn giá khởi điểm. Chưa đăng bán gì; hãy tăng giá sàn hoặc bỏ trống.",
  },
  auction_ended: {
    kind: "conflict",
    en: "This auction has ended, so your bid was not placed.",
    vi: "Phiên đấu giá đã kết thúc nên giá của bạn không được ghi nhận.",
  },
  auction_still_live: {
    kind: "conflict",
    en: "The auction is still running; maxima stay secret until it ends. Try again after it has closed.",
    vi: "Phiên đấu giá vẫn đang diễn ra; mức giá tối đa được giữ kín đến khi kết thúc. Hãy thử lại sau.",
  },
  bid_too_low: {
    kind: "conflict",
    en: "Your maximum must be at least {minimum} {currency} per credit. Your bid was not placed; raise it and try again.",
    vi: "Mức tối đa của bạn phải từ {minimum} {currency} mỗi tín chỉ. Giá chưa được ghi nhận; hãy tăng giá rồi thử lại.",
  },
  bid_id_reused: {
    kind: "conflict",
    en: "That bid id was already used for another bid. Nothing was placed; use a new id.",
    vi: "Mã trả giá này đã được dùng cho lần khác. Giá chưa được ghi nhận; hãy dùng mã mới.",
  },
  trade_needs_email: {
    kind: "forbidden",
    en: "Please verify your e-mail address before you list, buy or bid. Nothing was changed; we can send the link again from your account.",
    vi: "Vui lòng xác minh địa chỉ e-mail trước khi đăng bán, mua hoặc trả giá. Chưa có gì thay đổi; bạn có thể yêu cầu gửi lại liên kết trong trang tài khoản.",
  },
  listing_needs_identity: {
    kind: "forbidden",
    en: "Prove your identity before you list more than {limit} credits in {days} days. Nothing was listed; hand in your document on your account page.",
    vi: "Hãy xác minh danh tính trước khi đăng bán quá {limit} tín chỉ trong {days} ngày. Chưa đăng bán gì; hãy nộp giấy tờ ở trang tài khoản.",
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
  order_money_withheld: {
    kind: "conflict",
    en: "The payment of order {orderId} is disputed or being refunded. The order keeps its credits until that is decided.",
    vi: "Khoản thanh toán của đơn {orderId} đang bị tranh chấp hoặc đang hoàn tiền. Đơn hàng vẫn giữ tín chỉ cho đến khi có kết quả.",
  },
  order_not_cancellable: {
    kind: "conflict",
    en: "Only an order that waits for payment can be cancelled. This one is {status}; nothing was changed.",
    vi: "Chỉ có thể hủy đơn đang chờ thanh toán. Đơn này đang ở trạng thái {status}; chưa có gì thay đổi.",
  },
});
