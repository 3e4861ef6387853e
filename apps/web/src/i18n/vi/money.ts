import type en from "../en/money.ts";
import type { Translation } from "../translation.ts";

export default {
  "timeline.title": "Tiền đã đi đến đâu",
  "timeline.asked": "Yêu cầu thanh toán",
  "timeline.page_opened": "Mở trang thanh toán ({{ method }})",
  "timeline.captured": "Đã thanh toán, tiền được ký quỹ",
  "timeline.settled": "Đã quyết toán: người bán đã nhận tiền",
  "timeline.refund_requested": "Yêu cầu hoàn tiền",
  "timeline.refunded": "Đã hoàn tiền",
  "timeline.refund_failed": "Khoản hoàn bị trả lại",
  "timeline.refunded_outside": "Đã hoàn tại dịch vụ thanh toán",
  "timeline.disputed": "Khiếu nại tại ngân hàng của người mua",
  "timeline.dispute_won": "Khiếu nại được giải quyết có lợi cho người bán",
  "timeline.dispute_lost": "Khiếu nại được giải quyết có lợi cho người mua; ngân hàng đã thu hồi tiền",
  "timeline.dispute_fee": "Phí khiếu nại",
  "timeline.rate": "Tỷ giá {{ rate }}",
  "method.stripe": "thẻ",
  "method.paypal": "PayPal",
  "method.vnpay": "VNPay",
} satisfies Translation<typeof en>;
