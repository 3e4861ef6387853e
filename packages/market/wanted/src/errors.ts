import { refusals } from "@evx/kernel";

/** Everything that wanted orders say no to. In every case nothing has moved. */
export const refuse = refusals({
  wanted_not_found: {
    kind: "not_found",
    en: "This wanted order does not exist, or it is not yours to change.",
    vi: "Lệnh cần mua này không tồn tại hoặc bạn không có quyền thay đổi.",
  },
  wanted_ended: {
    kind: "conflict",
    en: "This wanted order is no longer open. Nothing was sold; other buyers are in the order book.",
    vi: "Lệnh cần mua này đã đóng. Chưa bán gì; sổ lệnh còn những người mua khác.",
  },
  wanted_exceeded: {
    kind: "conflict",
    en: "Its buyer still wants {remaining} credits. Nothing was sold; offer that many or fewer.",
    vi: "Người mua chỉ còn cần {remaining} tín chỉ. Chưa bán gì; hãy bán bằng hoặc ít hơn.",
  },
  wanted_is_own: {
    kind: "conflict",
    en: "You cannot sell to your own wanted order. Nothing was changed.",
    vi: "Bạn không thể bán cho lệnh cần mua của chính mình. Chưa có gì thay đổi.",
  },
  wanted_other_credits: {
    kind: "conflict",
    en: "Your oldest credits, which are sold first, are not what this buyer wants. Nothing was sold.",
    vi: "Những tín chỉ lâu nhất của bạn, được bán trước, không đúng loại người mua cần. Chưa bán gì.",
  },
  wanted_end_wrong: {
    kind: "invalid",
    en: "A wanted order ends in the future, and within {days} days. Nothing was placed; choose another end.",
    vi: "Lệnh cần mua phải kết thúc trong tương lai và trong vòng {days} ngày. Chưa đặt gì; hãy chọn thời điểm khác.",
  },
  auto_sale_needs_identity: {
    kind: "forbidden",
    en: "Prove your identity before credits are sold automatically. Nothing was changed; submit your document on your account page.",
    vi: "Hãy xác minh danh tính trước khi bật bán tự động. Chưa có gì thay đổi; hãy nộp giấy tờ ở trang tài khoản.",
  },
  wanted_not_covered: {
    kind: "conflict",
    en: "Your balance has {available} {currency} free, and this wanted order may cost {most}. Nothing was placed; want less, or pay when credits are found. A balance holds what came from sales and refunds; money cannot be paid in.",
    vi: "Số dư của bạn còn {available} {currency}, còn lệnh này có thể cần đến {most}. Chưa đặt gì; hãy mua ít hơn hoặc thanh toán khi tìm được tín chỉ. Số dư chỉ gồm tiền bán và tiền hoàn lại; không thể nạp thêm.",
  },
  wanted_limit_reached: {
    kind: "conflict",
    en: "You have {limit} wanted orders open. Nothing was placed; cancel one first.",
    vi: "Bạn đang có {limit} lệnh cần mua. Chưa đặt gì; hãy hủy bớt một lệnh.",
  },
});
