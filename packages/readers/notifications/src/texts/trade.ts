import type { Template } from "./template.ts";

/** What is told of buying, selling and money. Placeholders are explained in `../texts.ts`. */
export const tradeTexts = {
  order_placed: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your credits are reserved",
      "{grams:credits} credits for {totalMinor:money} are yours if you pay before {expiresAt}.",
    ],
    vi: [
      "Tín chỉ đã được giữ cho bạn",
      "{grams:credits} tín chỉ giá {totalMinor:money} là của bạn nếu thanh toán trước {expiresAt}.",
    ],
  },
  wanted_found: {
    topic: "sales",
    link: "/owner/listings",
    en: [
      "A buyer wanted your credits",
      "{grams:credits} credits are ordered for {totalMinor:money}. The buyer has until {expiresAt} to pay.",
    ],
    vi: [
      "Có người cần mua tín chỉ của bạn",
      "{grams:credits} tín chỉ đã được đặt mua với giá {totalMinor:money}. Người mua có đến {expiresAt} để thanh toán.",
    ],
  },
  wanted_expired: {
    topic: "purchases",
    link: "/buyer/wanted",
    en: [
      "Your wanted order has ended",
      "{grams:credits} credits were not offered at your price. Place it again if you still want them.",
    ],
    vi: [
      "Lệnh cần mua của bạn đã hết hạn",
      "{grams:credits} tín chỉ chưa có ai bán theo giá của bạn. Hãy đặt lại nếu bạn vẫn cần.",
    ],
  },
  wanted_unpaid: {
    topic: "purchases",
    link: "/buyer/wanted",
    en: [
      "Your wanted order was closed",
      "What was found for it was not paid for, so {grams:credits} credits are no longer looked for.",
    ],
    vi: [
      "Lệnh cần mua của bạn đã đóng",
      "Đơn tìm được cho lệnh này chưa được thanh toán, nên chúng tôi không tìm thêm {grams:credits} tín chỉ nữa.",
    ],
  },
  dispute_opened: {
    topic: "sales",
    link: "/disputes/{disputeId}",
    en: [
      "A buyer disputes a sale of yours",
      "Read what they say and answer it; an operator decides what becomes of the money.",
    ],
    vi: [
      "Người mua khiếu nại một giao dịch của bạn",
      "Hãy đọc và trả lời; quản trị viên sẽ quyết định về khoản tiền.",
    ],
  },
  dispute_refund: {
    topic: "purchases",
    link: "/disputes/{disputeId}",
    en: ["Your dispute was decided", "You get all your money back; it is on its way."],
    vi: [
      "Khiếu nại của bạn đã được giải quyết",
      "Bạn được hoàn lại toàn bộ số tiền; tiền đang trên đường về.",
    ],
  },
  dispute_partial_refund: {
    topic: "purchases",
    link: "/disputes/{disputeId}",
    en: ["Your dispute was decided", "You get a part of your money back; it is on its way."],
    vi: [
      "Khiếu nại của bạn đã được giải quyết",
      "Bạn được hoàn lại một phần số tiền; tiền đang trên đường về.",
    ],
  },
  dispute_release: {
    topic: "purchases",
    link: "/disputes/{disputeId}",
    en: ["Your dispute was decided", "The sale stands. The reasons are with the dispute."],
    vi: ["Khiếu nại của bạn đã được giải quyết", "Giao dịch giữ nguyên. Lý do có trong khiếu nại."],
  },
  strike_given: {
    topic: "auctions",
    link: "/buyer/bids",
    en: [
      "You won and did not pay",
      "This is strike {count} of {allowed}. With {allowed} strikes within half a year you cannot bid for a while.",
    ],
    vi: [
      "Bạn đã thắng mà không thanh toán",
      "Đây là lần vi phạm thứ {count} trên {allowed}. Đủ {allowed} lần trong nửa năm, bạn tạm thời không thể trả giá.",
    ],
  },
  deposit_kept: {
    topic: "auctions",
    link: "/buyer/bids",
    en: [
      "Your deposit went to the seller",
      "You won an auction and did not pay in time, so the {depositMinor:money} that you had set aside for it were given to the seller.",
    ],
    vi: [
      "Tiền cọc của bạn đã chuyển cho người bán",
      "Bạn thắng đấu giá mà không thanh toán đúng hạn, nên {depositMinor:money} tiền cọc đã được chuyển cho người bán.",
    ],
  },
  bidding_paused: {
    topic: "auctions",
    link: "/buyer/bids",
    en: [
      "You cannot bid for a while",
      "You won {count} auctions and did not pay, so your bids are refused until {pausedUntil}. Buying at fixed prices is open to you.",
    ],
    vi: [
      "Bạn tạm thời không thể trả giá",
      "Bạn đã thắng {count} phiên mà không thanh toán, nên chưa thể trả giá đến {pausedUntil}. Bạn vẫn mua được theo giá cố định.",
    ],
  },
  auction_won: {
    topic: "auctions",
    link: "/buyer/orders/{orderId}",
    en: [
      "You won the auction",
      "{grams:credits} credits for {totalMinor:money}. Pay before {expiresAt} to receive them.",
    ],
    vi: [
      "Bạn đã thắng đấu giá",
      "{grams:credits} tín chỉ giá {totalMinor:money}. Hãy thanh toán trước {expiresAt} để nhận.",
    ],
  },
  second_chance: {
    topic: "auctions",
    link: "/buyer/orders/{orderId}",
    en: [
      "A second chance",
      "The auction's winner did not pay. {grams:credits} credits are yours for {totalMinor:money} if you pay before {expiresAt}.",
    ],
    vi: [
      "Cơ hội thứ hai",
      "Người thắng không thanh toán. {grams:credits} tín chỉ là của bạn với giá {totalMinor:money} nếu thanh toán trước {expiresAt}.",
    ],
  },
  purchase_completed: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your purchase is complete",
      "{grams:credits} credits are in your wallet. Your certificate names their serial numbers.",
    ],
    vi: [
      "Giao dịch mua đã hoàn tất",
      "{grams:credits} tín chỉ đã vào ví của bạn. Chứng nhận ghi rõ số sê-ri của chúng.",
    ],
  },
  sale_completed: {
    topic: "sales",
    link: "/owner/earnings",
    en: [
      "You sold credits",
      "{grams:credits} credits were sold for {totalMinor:money}. After fees {netMinor:money} is in your balance.",
    ],
    vi: [
      "Bạn đã bán tín chỉ",
      "{grams:credits} tín chỉ đã bán với giá {totalMinor:money}. Sau phí, {netMinor:money} đã vào số dư của bạn.",
    ],
  },
  order_expired: {
    topic: "purchases",
    link: "/marketplace",
    en: [
      "Your reservation has ended",
      "No payment arrived in time, so {grams:credits} credits are for sale again. You were not charged.",
    ],
    vi: [
      "Đơn giữ chỗ đã hết hạn",
      "Chưa nhận được thanh toán kịp thời nên {grams:credits} tín chỉ được bán lại. Bạn không bị trừ tiền.",
    ],
  },
  order_withdrawn: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your order was ended: its credits were revoked",
      "The auditor revoked the batch that {grams:credits} ordered credits are of, so nobody can sell them. You owe nothing; if you have paid already, the money goes back.",
    ],
    vi: [
      "Đơn hàng của bạn đã kết thúc: tín chỉ bị thu hồi",
      "Thẩm định viên đã thu hồi lô chứa {grams:credits} tín chỉ bạn đặt nên không ai được bán chúng nữa. Bạn không phải trả gì; nếu đã thanh toán, tiền sẽ được hoàn lại.",
    ],
  },
  payment_declined: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your payment was declined",
      "You were not charged and your reservation is kept for now. Try another card.",
    ],
    vi: ["Thanh toán bị từ chối", "Bạn không bị trừ tiền và đơn giữ chỗ vẫn còn. Hãy thử thẻ khác."],
  },
  payment_refunded: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: ["Your money is on its way back", "{amountMinor:money} is being refunded the way you paid."],
    vi: ["Tiền đang được hoàn lại", "{amountMinor:money} đang được hoàn theo cách bạn đã thanh toán."],
  },
  sale_refunded: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "A sale of yours was refunded",
      "An operator gave your buyer money back: {amountMinor:money} of it is yours to bear. It is set off against your balance and your next sales.",
    ],
    vi: [
      "Một giao dịch bán của bạn đã được hoàn tiền",
      "Quản trị viên đã hoàn tiền cho người mua: bạn chịu {amountMinor:money}. Khoản này được trừ vào số dư và các lần bán tiếp theo.",
    ],
  },
  sale_charged_back: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "Your buyer's bank took money back",
      "A dispute about a sale of yours was decided for the buyer: {amountMinor:money} is yours to bear. It is set off against your balance and your next sales. If the bank decides otherwise after all, it comes back.",
    ],
    vi: [
      "Ngân hàng của người mua đã thu hồi tiền",
      "Khiếu nại về một giao dịch bán của bạn được giải quyết có lợi cho người mua: bạn chịu {amountMinor:money}. Khoản này được trừ vào số dư và các lần bán tiếp theo. Nếu ngân hàng quyết định lại, tiền sẽ trở về.",
    ],
  },
  invoice_issued: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: ["Your invoice {number}", "{amountMinor:money}. You find it as a PDF on the page of your order."],
    vi: ["Hóa đơn {number} của bạn", "{amountMinor:money}. Bạn có thể tải bản PDF ở trang đơn hàng."],
  },
  credit_note_issued: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: ["Your credit note {number}", "{amountMinor:money}. You find it as a PDF on the page of your order."],
    vi: ["Hóa đơn điều chỉnh giảm {number}", "{amountMinor:money}. Bạn có thể tải bản PDF ở trang đơn hàng."],
  },
  outbid: {
    topic: "auctions",
    link: "/marketplace/{listingId}",
    en: ["You were outbid", "The price is now {priceMinor:money} per credit. The auction ends {endsAt}."],
    vi: [
      "Bạn đã bị vượt giá",
      "Giá hiện tại là {priceMinor:money} mỗi tín chỉ. Phiên đấu giá kết thúc {endsAt}.",
    ],
  },
  watched_price: {
    topic: "purchases",
    link: "/marketplace/{listingId}",
    en: ["A listing you watch has a new price", "It now asks {priceMinor:money} per credit."],
    vi: ["Tin đăng bạn theo dõi đã đổi giá", "Giá mới là {priceMinor:money} mỗi tín chỉ."],
  },
  watched_ending: {
    topic: "auctions",
    link: "/marketplace/{listingId}",
    en: ["A listing you watch ends soon", "It ends {endsAt}."],
    vi: ["Tin đăng bạn theo dõi sắp kết thúc", "Tin đăng kết thúc {endsAt}."],
  },
  search_matched: {
    topic: "purchases",
    link: "/marketplace?{query}",
    en: ["New for your search: {name}", "{listings} new on the market since you were last told."],
    vi: ["Có tin mới cho tìm kiếm: {name}", "{listings} tin đăng mới kể từ lần thông báo trước."],
  },
  auction_sold: {
    topic: "sales",
    link: "/marketplace/{listingId}",
    en: [
      "Your auction ended with a winner",
      "{grams:credits} credits at {priceMinor:money} per credit. You are paid when the winner has paid.",
    ],
    vi: [
      "Phiên đấu giá đã có người thắng",
      "{grams:credits} tín chỉ với giá {priceMinor:money} mỗi tín chỉ. Bạn nhận tiền khi người thắng thanh toán.",
    ],
  },
  auction_unsold: {
    topic: "sales",
    link: "/marketplace/{listingId}",
    en: [
      "Your auction ended without a sale",
      "No bid reached your price. {grams:credits} credits are back in your wallet.",
    ],
    vi: [
      "Phiên đấu giá kết thúc mà chưa bán được",
      "Không có giá nào đạt mức của bạn. {grams:credits} tín chỉ đã trở về ví.",
    ],
  },
  auto_sale_on: {
    topic: null,
    link: "/account",
    en: [
      "Your new credits will be sold by themselves",
      "It goes on until it is ended, also when you are signed out. If this was not you, end it under Account and change your password.",
    ],
    vi: [
      "Tín chỉ mới của bạn sẽ được bán tự động",
      "Việc này tiếp tục đến khi được dừng, kể cả khi bạn đã đăng xuất. Nếu không phải bạn đặt, hãy dừng trong mục Tài khoản và đổi mật khẩu.",
    ],
  },
  account_named: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "Money is to go to a bank account that is new here",
      "{amountMinor:money} were asked for to {bankAccountMasked}, where none of your money went before. If this was not you, change your password and tell us at once.",
    ],
    vi: [
      "Có yêu cầu chuyển tiền đến tài khoản ngân hàng mới",
      "Có yêu cầu chuyển {amountMinor:money} đến {bankAccountMasked}, tài khoản chưa từng nhận tiền của bạn. Nếu không phải bạn, hãy đổi mật khẩu và báo cho chúng tôi ngay.",
    ],
  },
  payout_plan_weekly: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "Your balance will go to your bank each week",
      "It will be sent to {bankAccountMasked}. If this was not you, stop it on your earnings page and change your password.",
    ],
    vi: [
      "Số dư của bạn sẽ được chuyển về ngân hàng hằng tuần",
      "Tiền sẽ được chuyển đến {bankAccountMasked}. Nếu không phải bạn đặt, hãy dừng lệnh ở trang Thu nhập và đổi mật khẩu.",
    ],
  },
  payout_plan_monthly: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "Your balance will go to your bank each month",
      "It will be sent to {bankAccountMasked}. If this was not you, stop it on your earnings page and change your password.",
    ],
    vi: [
      "Số dư của bạn sẽ được chuyển về ngân hàng hằng tháng",
      "Tiền sẽ được chuyển đến {bankAccountMasked}. Nếu không phải bạn đặt, hãy dừng lệnh ở trang Thu nhập và đổi mật khẩu.",
    ],
  },
  withdrawal_sent: {
    topic: "money",
    link: "/owner/earnings",
    en: ["Your withdrawal is on its way", "{amountMinor:money} was sent to {bankAccountMasked}."],
    vi: ["Khoản rút đang được chuyển", "{amountMinor:money} đã được gửi đến {bankAccountMasked}."],
  },
  withdrawal_failed: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "Your withdrawal did not go through",
      "{amountMinor:money} is back in your balance. The bank's reason: {reason}.",
    ],
    vi: [
      "Khoản rút không thành công",
      "{amountMinor:money} đã trở về số dư của bạn. Lý do của ngân hàng: {reason}.",
    ],
  },
} as const satisfies Record<string, Template>;
