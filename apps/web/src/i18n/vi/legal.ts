import type en from "../en/legal.ts";
import type { Translation } from "../translation.ts";

export default {
  contents: "Trong trang này",
  "terms.title": "Điều khoản",
  "terms.lead": "Những gì bạn đồng ý khi dùng EV Carbon Exchange, điều quan trọng nói trước.",
  "terms.venue.title": "Chúng tôi là ai",
  "terms.venue.body":
    "EV Carbon Exchange là sàn giao dịch. Chủ xe điện bán lượng CO₂ mà việc lái xe của họ giảm được, tính thành tín chỉ một tấn và đếm đến từng gam. Thẩm định viên độc lập quyết định phát hành bao nhiêu. Người mua mua của chủ xe chứ không mua của chúng tôi, và chúng tôi không bao giờ sở hữu tín chỉ giao dịch tại đây.",
  "terms.accounts.title": "Tài khoản của bạn",
  "terms.accounts.body":
    "Mỗi cá nhân hoặc công ty có một tài khoản, tự giữ kín mật khẩu và chịu trách nhiệm về mọi việc làm bằng tài khoản đó. Chúng tôi có thể yêu cầu xác minh danh tính trước khi tiền rời sàn. Không ai tự đăng ký làm quản trị viên được, và thẩm định viên chỉ được xét duyệt sau khi quản trị viên công nhận.",
  "terms.claims.title": "Yêu cầu tín chỉ cho chuyến đi",
  "terms.claims.body":
    "Chỉ yêu cầu cho những chuyến do bạn lái, hoặc do xe của bạn chạy trong thời gian xe thuộc về bạn, và không yêu cầu ở bất kỳ nơi nào khác. Mỗi chuyến chỉ được yêu cầu một lần trên sàn này, bất kể ai yêu cầu: cơ sở dữ liệu từ chối lần thứ hai. Đem cùng chuyến đi sang chương trình khác là gian lận và tài khoản sẽ bị chấm dứt.",
  "terms.audit.title": "Quyền của thẩm định viên",
  "terms.audit.body":
    "Thẩm định viên có thể phê duyệt yêu cầu, từ chối từng chuyến kèm lý do, hoặc yêu cầu thêm bằng chứng. Thẩm định viên không được xét yêu cầu mà họ có lợi ích liên quan. Yêu cầu lớn cần hai thẩm định viên. Bạn có thể gửi lại chuyến bị từ chối với bằng chứng tốt hơn.",
  "terms.sales.title": "Mua và bán",
  "terms.sales.body":
    "Tin đăng là lời chào bán có giá trị ràng buộc. Tín chỉ được giữ riêng ngay khi tin được đăng. Giao dịch hoàn tất khi tiền được thu: tín chỉ, tiền và phí chuyển cùng một lúc, hoặc không có gì chuyển cả. Trước khi đăng tin, bạn thấy rõ mình sẽ nhận bao nhiêu và từ ngày nào.",
  "terms.fees.title": "Biểu phí",
  "terms.fees.now":
    "Hôm nay: sàn thu {{ platform }}% và thẩm định viên nhận {{ auditor }}% giá trị giao dịch, do người bán trả.",
  "terms.fees.body":
    "Đăng ký, nhập dữ liệu, thẩm định, đăng tin, lưu giữ, xóa sổ và rút tiền đều miễn phí. Phí của cổng thanh toán do sàn chịu. Thay đổi biểu phí không ảnh hưởng đến giao dịch đã thỏa thuận.",
  "terms.auctions.title": "Đấu giá",
  "terms.auctions.body":
    "Lượt trả giá ràng buộc đến mức tối đa bạn đặt. Giá là mức tối đa cao thứ hai cộng một bước giá. Trả giá trong những phút cuối sẽ lùi giờ kết thúc. Người thắng thanh toán trong 48 giờ; nếu không, lô được mời cho người trả giá kế tiếp và tài khoản bị ghi nhận vi phạm. Người bán không được trả giá cho lô của mình, dù trực tiếp hay nhờ người khác.",
  "terms.retirement.title": "Xóa sổ tín chỉ",
  "terms.retirement.body":
    "Xóa sổ đưa tín chỉ ra khỏi lưu hành vĩnh viễn và được công khai: số lượng, bên thụ hưởng, kỳ và lý do. Không ai hoàn tác được, kể cả bạn hay chúng tôi.",
  "terms.payouts.title": "Nhận tiền",
  "terms.payouts.body":
    "Tiền bán có thể được giữ vài ngày trước khi rút; ngày rút được ghi cùng giao dịch. Nếu ngân hàng trả lại lệnh rút, tiền quay về số dư của bạn. Bạn tự nộp thuế cho khoản thu nhập của mình.",
  "terms.errors.title": "Khi có sai sót",
  "terms.errors.body":
    "Nếu một lô bị phát hiện phát hành sai, lô đó bị thu hồi công khai kèm lý do, và phần dự phòng hoặc chủ lô bù lại những gam đã bán. Giao dịch lỗi do phía chúng tôi được hoàn tiền. Chúng tôi chịu trách nhiệm trong phạm vi số tiền bạn đã trả, và không giới hạn đối với lỗi cố ý hoặc cẩu thả nghiêm trọng.",
  "terms.ending.title": "Chấm dứt và thay đổi",
  "terms.ending.body":
    "Bạn có thể dừng bất cứ lúc nào; tín chỉ vẫn là của bạn, có thể bán hoặc rút tiền. Chúng tôi tạm khóa tài khoản vi phạm và nêu rõ lý do. Thay đổi điều khoản được báo qua email trước 30 ngày. Áp dụng pháp luật Việt Nam, trừ khi luật bảo vệ người tiêu dùng nơi bạn sống quy định có lợi hơn.",
  "privacy.title": "Quyền riêng tư",
  "privacy.lead": "Chúng tôi biết gì về bạn, để làm gì, ai khác được xem, và khi nào xóa.",
  "privacy.collect.title": "Dữ liệu thu thập",
  "privacy.collect.body":
    "Tên, địa chỉ email và vai trò. Với chủ xe: xe kèm số VIN, chuyến đi gồm thời gian, quãng đường và, nếu tệp hoặc xe của bạn gửi, điện năng, số công-tơ-mét và vị trí. Với thanh toán: thông tin ngân hàng, và giấy tờ nếu phải xác minh danh tính. Số thẻ chỉ đến cổng thanh toán; chúng tôi không bao giờ thấy.",
  "privacy.purpose.title": "Mục đích",
  "privacy.purpose.body":
    "Để tính và thẩm định lượng CO₂ bạn giảm được, bảo đảm không gam nào bị tính hai lần, trả tiền cho bạn, và làm đúng nghĩa vụ pháp luật của bên chuyển tiền. Chúng tôi không bán dữ liệu và không hiển thị quảng cáo.",
  "privacy.public.title": "Thông tin công khai",
  "privacy.public.body":
    "Lô tín chỉ với loại xe, quốc gia, năm, phương pháp, thẩm định viên và số lượng; lượt xóa sổ với bên thụ hưởng do người mua nhập; chứng nhận. Không bao giờ có số VIN, vị trí, địa chỉ hay email. Chuyến đi chỉ xuất hiện dưới dạng mã băm có muối, không để lộ điều gì.",
  "privacy.auditors.title": "Thẩm định viên thấy gì",
  "privacy.auditors.body":
    "Thẩm định viên của một yêu cầu thấy các chuyến với thời gian, quãng đường, điện năng và vị trí, số công-tơ-mét của xe và bằng chứng bạn thêm. Mỗi quyết định của họ được ghi vào nhật ký không ai sửa được.",
  "privacy.share.title": "Chia sẻ với ai",
  "privacy.share.body":
    "Cổng thanh toán nhận những gì cần cho thanh toán. Nếu bạn kết nối xe, hệ thống của hãng được hỏi đúng những gì bạn cho phép. Nhà cung cấp email chuyển thư của chúng tôi. Ngoài ra không ai, trừ khi có lệnh của tòa án.",
  "privacy.keep.title": "Thời gian lưu",
  "privacy.keep.body":
    "Vị trí, lộ trình và ghi chú của chuyến đi được xóa sau hai năm, trừ khi quản trị viên đặt thời hạn ngắn hơn; bằng chứng mật mã vẫn kiểm tra được. Bút toán và lượt xóa sổ được lưu chừng nào tín chỉ còn tồn tại, vì sổ đăng ký công khai không thể quên. Phiên đăng nhập tự kết thúc.",
  "privacy.cookies.title": "Cookie",
  "privacy.cookies.body":
    "Một cookie giữ trạng thái đăng nhập. Một cookie thứ hai, lưu 400 ngày, là tên ngẫu nhiên của trình duyệt này: chúng tôi lưu mã băm của nó cùng tài khoản để phát hiện việc một người tự mua bán với mình và không để giao dịch đó ảnh hưởng đến giá. Trình duyệt còn nhớ ngôn ngữ, giao diện và bản nháp biểu mẫu, chỉ lưu trên máy của bạn. Không có công cụ theo dõi, và không trang nào tải nội dung từ công ty khác.",
  "privacy.rights.title": "Quyền của bạn",
  "privacy.rights.body":
    "Bạn có thể xem chuyến đi, tải về tín chỉ, giao dịch và báo cáo bất cứ lúc nào, sửa thông tin trong tài khoản, và yêu cầu xóa những gì sổ đăng ký không cần. Hãy viết cho chúng tôi; bạn được trả lời trong 15 ngày. Nếu chưa thỏa đáng, bạn có quyền khiếu nại đến cơ quan bảo vệ dữ liệu cá nhân nơi bạn sống.",
  "privacy.security.title": "Cách bảo vệ",
  "privacy.security.body":
    "Thông tin ngân hàng, giấy tờ và khóa bí mật được mã hóa bằng khóa nằm ngoài cơ sở dữ liệu. Mật khẩu được băm. Bạn có thể bật bước xác thực thứ hai, xem và kết thúc mọi phiên đăng nhập của mình.",
  "contact.title": "Liên hệ",
  "contact.lead": "Mọi tin nhắn đều có người đọc. Tiếng Việt hay tiếng Anh đều được.",
  "contact.email": "Viết cho chúng tôi",
  "contact.answer":
    "Chúng tôi trả lời trong hai ngày làm việc. Nếu thiếu tiền, nhớ thêm chữ “tiền” vào tiêu đề.",
  "contact.money.title": "Thanh toán hoặc rút tiền",
  "contact.money.body":
    "Cho biết ngày và số tiền của đơn hàng hoặc lệnh rút. Đừng bao giờ gửi số thẻ hay mật khẩu.",
  "contact.credits.title": "Yêu cầu hoặc quyết định của thẩm định viên",
  "contact.credits.body":
    "Nêu tên xe và tháng. Bạn cũng có thể thêm bằng chứng ngay trong yêu cầu, như vậy nhanh hơn.",
  "contact.certificate.title": "Chứng nhận có vẻ sai",
  "contact.certificate.body": "Gửi số chứng nhận. Ai cũng có thể hỏi, không chỉ chủ chứng nhận.",
  "contact.security.title": "Lỗ hổng bảo mật",
  "contact.security.body":
    "Vui lòng báo trước khi công bố. Chúng tôi trả lời trong một ngày và ghi tên cảm ơn nếu bạn muốn.",
  "contact.data.title": "Dữ liệu cá nhân của bạn",
  "contact.data.body": "Hãy viết từ địa chỉ email của tài khoản, để chúng tôi biết đó là bạn.",
} satisfies Translation<typeof en>;
