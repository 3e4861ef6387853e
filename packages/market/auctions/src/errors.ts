import { refusals } from "@evx/kernel";

/** Everything that bidding and closing says no to. In every case nothing has moved. */
export const refuse = refusals({
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
  auction_reserve_too_low: {
    kind: "invalid",
    en: "The reserve price cannot be below the starting price. Nothing was listed; raise the reserve or leave it out.",
    vi: "Giá sàn không thể thấp hơn giá khởi điểm. Chưa đăng bán gì; hãy tăng giá sàn hoặc bỏ trống.",
  },
  auction_start_out_of_range: {
    kind: "invalid",
    en: "An auction begins now or within {longest} days. Nothing was listed; choose another start.",
    vi: "Phiên đấu giá bắt đầu ngay hoặc trong vòng {longest} ngày. Chưa đăng bán gì; hãy chọn thời điểm khác.",
  },
  auction_buy_now_too_low: {
    kind: "invalid",
    en: "The buy-now price cannot be below the starting price or the reserve. Nothing was listed; raise it or leave it out.",
    vi: "Giá mua ngay không thể thấp hơn giá khởi điểm hay giá sàn. Chưa đăng bán gì; hãy tăng lên hoặc bỏ trống.",
  },
  auction_deposit_too_high: {
    kind: "invalid",
    en: "A deposit is at most what the lot costs at the starting price, {most} {currency}. Nothing was listed; lower it or leave it out.",
    vi: "Tiền cọc nhiều nhất bằng giá cả lô ở mức khởi điểm, {most} {currency}. Chưa đăng bán gì; hãy giảm xuống hoặc bỏ trống.",
  },
  deposit_not_covered: {
    kind: "conflict",
    en: "Bidding here takes a deposit of {deposit} {currency}, and your balance has {available} free. Your bid was not placed. A balance holds what came from sales and refunds; money cannot be paid in.",
    vi: "Phiên này cần tiền cọc {deposit} {currency}, số dư của bạn còn {available}. Giá của bạn chưa được ghi nhận. Số dư chỉ gồm tiền bán và tiền hoàn lại; không thể nạp thêm.",
  },
  auction_not_started: {
    kind: "conflict",
    en: "Bidding begins at {startsAt}. Your bid was not placed.",
    vi: "Phiên đấu giá bắt đầu lúc {startsAt}. Giá của bạn chưa được ghi nhận.",
  },
  buy_now_gone: {
    kind: "conflict",
    en: "Somebody has bid, so these credits can no longer be bought at once. Nothing was charged; place a bid instead.",
    vi: "Đã có người trả giá nên không thể mua ngay nữa. Bạn chưa bị trừ tiền; hãy trả giá.",
  },
  bid_paused: {
    kind: "forbidden",
    en: "You won auctions and did not pay, so you cannot bid until {until}. Your bid was not placed.",
    vi: "Bạn đã thắng đấu giá mà không thanh toán nên chưa thể trả giá đến {until}. Giá chưa được ghi nhận.",
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
  bid_wrong_currency: {
    kind: "conflict",
    en: "This auction runs in {currency}. Your bid was not placed; name your maximum in {currency}.",
    vi: "Phiên đấu giá này dùng {currency}. Giá chưa được ghi nhận; hãy nêu mức tối đa bằng {currency}.",
  },
  bid_id_reused: {
    kind: "conflict",
    en: "That bid id was already used for another bid. Nothing was placed; use a new id.",
    vi: "Mã trả giá này đã được dùng cho lần khác. Giá chưa được ghi nhận; hãy dùng mã mới.",
  },
});
