import { refusals } from "@evx/kernel";

/** Everything that listing, searching and withdrawing says no to. In every case nothing has moved. */
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
  listing_is_own: {
    kind: "conflict",
    en: "You cannot buy or bid on your own listing. Nothing was changed.",
    vi: "Bạn không thể mua hoặc trả giá tin đăng của chính mình. Chưa có gì thay đổi.",
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
  amount_below_minimum: {
    kind: "invalid",
    en: "That comes to {total} {currency}; the least that can be paid is {least} {currency}. Nothing was reserved; choose more credits.",
    vi: "Tổng cộng là {total} {currency}; mức thanh toán tối thiểu là {least} {currency}. Chưa giữ chỗ gì; hãy chọn nhiều tín chỉ hơn.",
  },
  amount_above_maximum: {
    kind: "invalid",
    en: "That comes to {total} {currency}; the most that can be paid at once is {most} {currency}. Nothing was reserved; choose fewer credits.",
    vi: "Tổng cộng là {total} {currency}; mức thanh toán tối đa một lần là {most} {currency}. Chưa giữ chỗ gì; hãy chọn ít tín chỉ hơn.",
  },
  listing_terms_wrong: {
    kind: "invalid",
    en: "A smallest order and an end of one's own are for fixed prices; the smallest order is at most the whole listing, and the end lies ahead. Nothing was listed.",
    vi: "Mức mua tối thiểu và thời điểm hết hạn chỉ dành cho giá cố định; mức tối thiểu không vượt cả tin đăng và thời điểm phải ở tương lai. Chưa đăng bán gì.",
  },
  listing_start_wrong: {
    kind: "invalid",
    en: "A listing begins in the future, and within {days} days. Nothing was listed; choose another moment, or leave it out to begin now.",
    vi: "Tin đăng phải bắt đầu trong tương lai và trong vòng {days} ngày. Chưa đăng bán gì; hãy chọn thời điểm khác hoặc bỏ trống để bắt đầu ngay.",
  },
  listing_not_started: {
    kind: "conflict",
    en: "This listing is on the market from {startsAt} on. Nothing was reserved; look again then.",
    vi: "Tin đăng này bắt đầu bán từ {startsAt}. Chưa giữ chỗ gì; hãy quay lại sau.",
  },
  listing_in_trade: {
    kind: "conflict",
    en: "Credits of this listing were ordered or bid for, so its price stands. Nothing was changed; take down what is left and list it anew.",
    vi: "Đã có người đặt mua hoặc trả giá tin đăng này nên giá giữ nguyên. Chưa có gì thay đổi; hãy gỡ phần còn lại rồi đăng lại.",
  },
  auction_fields_on_fixed: {
    kind: "invalid",
    en: "A fixed price has no auction's start, end, reserve price or buy-now price. Nothing was listed; leave them out or choose an auction.",
    vi: "Giá cố định không có thời điểm bắt đầu, kết thúc, giá sàn hay giá mua ngay của đấu giá. Chưa đăng bán gì; hãy bỏ trống hoặc chọn đấu giá.",
  },
  watch_limit_reached: {
    kind: "conflict",
    en: "You are watching {limit} listings. Nothing was changed; stop watching one first.",
    vi: "Bạn đang theo dõi {limit} tin đăng. Chưa có gì thay đổi; hãy bỏ theo dõi bớt một tin.",
  },
  search_limit_reached: {
    kind: "conflict",
    en: "You have saved {limit} searches. Nothing was saved; delete one first.",
    vi: "Bạn đã lưu {limit} tìm kiếm. Chưa lưu gì; hãy xóa bớt một tìm kiếm.",
  },
  search_id_reused: {
    kind: "conflict",
    en: "That search id was already used. Nothing was saved; use a new id.",
    vi: "Mã tìm kiếm này đã được dùng. Chưa lưu gì; hãy dùng mã mới.",
  },
  search_not_found: {
    kind: "not_found",
    en: "This saved search does not exist, or it is not yours.",
    vi: "Tìm kiếm đã lưu này không tồn tại hoặc không phải của bạn.",
  },
  trade_needs_email: {
    kind: "forbidden",
    en: "Please verify your email address before you list, buy or bid. Nothing was changed; we can send the link again from your account.",
    vi: "Vui lòng xác minh địa chỉ email trước khi đăng bán, mua hoặc trả giá. Chưa có gì thay đổi; bạn có thể yêu cầu gửi lại liên kết trong trang tài khoản.",
  },
  listing_needs_identity: {
    kind: "forbidden",
    en: "Prove your identity before you list more than {limit} credits in {days} days. Nothing was listed; submit your document on your account page.",
    vi: "Hãy xác minh danh tính trước khi đăng bán quá {limit} tín chỉ trong {days} ngày. Chưa đăng bán gì; hãy nộp giấy tờ ở trang tài khoản.",
  },
});
