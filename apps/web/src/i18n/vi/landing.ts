import type en from "../en/landing.ts";
import type { Translation } from "../translation.ts";

export default {
  "hero.drive": "Lái xe điện.",
  "hero.paid": "Nhận tiền theo từng gam.",
  "hero.lead":
    "Mỗi chuyến đi của bạn trở thành tín chỉ carbon đã được thẩm định độc lập. Bạn đặt giá, tiền về tài khoản ngân hàng.",
  "honest.title": "Số tiền này không đủ mua xe.",
  "honest.body":
    "Một năm chạy xe được khoảng một tín chỉ. Đó là tiền cho những chuyến bạn vẫn đi hằng ngày, kèm bằng chứng về lượng CO₂ giảm được.",
  "registry.title": "Toàn bộ sổ đăng ký, theo số sê-ri",
  "registry.lead":
    "Mọi gam từng được phát hành đều nằm trên dải này: {{ grams }} gam, không gam nào xuất hiện hai lần.",
  "registry.strip": "Mọi gam theo thứ tự số sê-ri, tô màu theo trạng thái hiện tại",
  "registry.held": "Chủ xe giữ, khoảng {{ amount }} tín chỉ",
  "registry.listed": "Đang bán, {{ amount }}",
  "registry.sold": "Người mua giữ, khoảng {{ amount }}",
  "registry.retired": "Đã xóa sổ vĩnh viễn, {{ amount }}",
  "registry.cancelled": "Đã hủy, {{ amount }}",
  "registry.buffer": "Quỹ dự phòng, {{ amount }}",
  "gram.title": "Theo dấu một gam",
  "gram.lead": "Gam số {{ gram }} của lô {{ batch }}. Ai cũng tra cứu được, không cần tài khoản.",
  "gram.none": "Chưa có tín chỉ nào được phát hành. Gam đầu tiên sẽ hiện ở đây.",
  "gram.checked":
    "{{ auditor }}, thẩm định viên được công nhận, đã kiểm tra các chuyến. Xe chạy tại {{ country }}.",
  "gram.open": "Xem gam này trong sổ đăng ký",
  "gram.step.issued": "Thẩm định và phát hành",
  "gram.step.listed": "Đăng bán",
  "gram.step.unlisted": "Rút khỏi sàn",
  "gram.step.sold": "Đã bán",
  "gram.step.transferred": "Chuyển sang ví khác",
  "gram.step.moved": "Đã chuyển",
  "gram.step.retired": "Xóa sổ vĩnh viễn",
  "gram.step.cancelled": "Đã hủy",
  "retired.title": "Xóa sổ trong tuần",
  "retired.lately": "Xóa sổ gần đây",
  "retired.lead": "Mỗi lô có con dấu riêng, vẽ từ chính bằng chứng của lô.",
  "retired.none": "Chưa có ai xóa sổ tín chỉ.",
  "retired.reason.corporate_inventory": "Cho kiểm kê khí nhà kính của doanh nghiệp",
  "retired.reason.event": "Cho một sự kiện",
  "retired.reason.product": "Cho một sản phẩm",
  "retired.reason.travel": "Cho việc đi lại",
  "retired.reason.personal": "Cho dấu chân carbon cá nhân",
  "retired.reason.compliance": "Để tuân thủ quy định",
  "retired.reason.other": "Vì lý do khác",
  "how.title": "Từ một chuyến đi đến một tín chỉ",
  "how.trips.title": "Thêm chuyến đi",
  "how.trips.body": "Kết nối xe hoặc nhập nhật ký hành trình. Việc nhập mất khoảng bốn phút.",
  "how.audit.title": "Thẩm định viên kiểm tra",
  "how.audit.body":
    "Thẩm định viên xem từng chuyến, số công-tơ-mét và cả hai cách tính CO₂, rồi phê duyệt hoặc từ chối kèm lý do.",
  "how.sell.title": "Bán tín chỉ",
  "how.sell.body": "Theo giá cố định hoặc đấu giá. Bạn thấy số tiền thực nhận, sau phí, trước khi đăng tin.",
  "how.retire.title": "Người mua xóa sổ",
  "how.retire.body":
    "Kèm chứng nhận có chữ ký số mà ai cũng kiểm tra được, không cần tài khoản, kể cả khi ngoại tuyến.",
  "ask.title": "Hỏi thẳng, đáp thật",
  "ask.worth.title": "Một năm chạy xe có đáng công không?",
  "ask.worth.body":
    "Nhập dữ liệu mất khoảng bốn phút, xe kết nối thì tự gửi chuyến đi. Nếu bạn muốn nhiều hơn số tiền ở trên, nơi này không dành cho bạn.",
  "ask.twice.title": "Có ai bán một chuyến đi hai lần được không?",
  "ask.twice.body":
    "Không. Tại mỗi thời điểm, một chiếc xe chỉ nằm trong một yêu cầu, bất kể ai gửi. Đó là ràng buộc của cơ sở dữ liệu, không phải bước kiểm tra có thể bị quên.",
  "ask.keep.title": "Sàn thu bao nhiêu?",
  "ask.keep.body":
    "Một phần nhỏ của mỗi giao dịch, ghi ngay bên ước tính; thẩm định viên nhận phần nhỏ hơn. Đăng bán, lưu giữ, xóa sổ và rút tiền đều miễn phí.",
  "ask.auditor.title": "Ai kiểm tra thẩm định viên?",
  "ask.auditor.body":
    "Yêu cầu lớn cần hai người, không ai được xét nơi mình có lợi ích, và mọi quyết định nằm trong nhật ký công khai không ai viết lại được.",
  "ask.price.title": "Ai đặt giá?",
  "ask.price.body":
    "Người bán và người trả giá. Chúng tôi cho biết tín chỉ tương tự đã bán giá nào, và nói rõ khi có quá ít giao dịch để kết luận.",
  "ask.climate.title": "Điều này có lợi cho khí hậu không?",
  "ask.climate.body":
    "Tín chỉ cho biết một chuyến xe xăng đã không diễn ra. Nó không hút CO₂ đã có trong khí quyển. Hãy cắt giảm trước, phần còn lại mới dùng tín chỉ.",
} satisfies Translation<typeof en>;
