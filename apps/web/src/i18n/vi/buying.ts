import type en from "../en/buying.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Mua từ nhiều tin đăng",
  heading: "Mua nhiều tấn trong một đơn",
  lead: "Một lần báo giá, một lần trả tiền, một chứng nhận: hệ thống lấy từ các tin đăng rẻ nhất trước.",
  signIn: "Đăng nhập để đặt mua",
  forBuyers: "Chỉ tài khoản người mua mới đặt mua được.",
  "method.flat-v1": "Định mức, không đo",
  "method.metered-v1": "Đo thực tế",
  "quality.connected": "Xe kết nối",
  "quality.export": "Tệp xuất kèm công-tơ-mét",
  "quality.manual": "Nhập tay",

  "terms.title": "Bạn cần mua",
  "terms.credits": "Số tín chỉ",
  "terms.creditsHint": "1 tín chỉ là 1 tấn CO₂, chia nhỏ đến từng gam",
  "terms.creditsCheck": "Vui lòng nhập số tín chỉ, tối đa sáu chữ số thập phân.",
  "terms.maxPrice": "Giá tối đa mỗi tín chỉ",
  "terms.maxPriceHint": "Không lấy tin đăng nào đắt hơn",
  "terms.vintageFrom": "Năm phát sinh",
  "terms.from": "Từ {{ year }}",
  "terms.method": "Phương pháp",
  "terms.country": "Quốc gia",
  "terms.quality": "Chất lượng dữ liệu",
  "terms.any": "Bất kỳ",
  "terms.ask": "Xem báo giá",
  "terms.again": "Lấy báo giá mới",

  "how.title": "Các bước tiếp theo",
  "how.quote":
    "Bạn thấy từng tin đăng sẽ được lấy và tổng tiền. Báo giá có hiệu lực hai phút và chưa giữ tín chỉ nào.",
  "how.order": "Đơn hàng giữ toàn bộ tín chỉ cùng lúc, hoặc không giữ gì, và bạn chỉ trả tiền một lần.",
  "how.settle":
    "Mọi người bán được trả tiền và toàn bộ tín chỉ đến cùng một lúc: vào ví của bạn, hoặc được xóa sổ dưới tên bạn chọn.",

  "quote.title": "{{ credits }}, đã gồm mọi khoản",
  "quote.holds": "Còn hiệu lực",
  "quote.lapsed": "Báo giá đã hết hiệu lực",
  "quote.lapsedBody": "Giá có thể đã thay đổi. Chưa giữ tín chỉ nào và chưa trừ tiền.",
  "quote.average": "Giá trung bình mỗi tín chỉ",
  "quote.worst": "Giá cao nhất mỗi tín chỉ",
  "quote.lots": "Số tin đăng",
  "quote.left": "Còn lại theo điều kiện này",
  "quote.fees": "Phí, do người bán trả",
  "quote.feesValue": "sàn {{ platform }}, thẩm định viên {{ cva }}",
  "quote.skipped_one": "Đã bỏ qua {{ count }} tin đăng của chính bạn.",
  "quote.skipped_other": "Đã bỏ qua {{ count }} tin đăng của chính bạn.",

  "lines.title": "Tín chỉ đến từ đâu",
  "lines.credits": "Tín chỉ",
  "lines.price": "Giá mỗi tín chỉ",
  "lines.total": "Thành tiền",

  "checkout.title": "Đặt mua",
  "checkout.retire": "Xóa sổ toàn bộ ngay",
  "checkout.retireHint": "Tín chỉ được xóa sổ thẳng, và một chứng nhận ghi đúng những gam này.",
  "checkout.pay": "Trả {{ total }}",
  "checkout.payRetire": "Trả {{ total }} và xóa sổ",
  "checkout.note":
    "Bạn xác nhận thanh toán ở trang sau. Nếu một tin đăng không còn trước khi bạn trả tiền, chúng tôi thay bằng tin khác mà không thu thêm, hoặc chuyển phần tiền đó vào số dư của bạn.",
} satisfies Translation<typeof en>;
