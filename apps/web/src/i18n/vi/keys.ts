import type en from "../en/keys.ts";
import type { Translation } from "../translation.ts";

export default {
  "command.title": "Kiểm tra chúng tôi từ bên ngoài",
  "command.lead":
    "Chỉ một lệnh là đọc hết nhật ký công khai, đếm lại từng gam và đối chiếu với số liệu chúng tôi công bố. Cần Node 20, không cần tài khoản.",
  "command.keep":
    "Hãy giữ lại bộ kiểm tra này. Bản chúng tôi phát ngày mai có thể bị sửa, bản trên máy bạn thì không.",
  "keys.title": "Khóa công khai",
  "keys.lead": "Các khóa dùng để ký chứng nhận. Khóa bạn đã lưu trước đây bảo chứng cho mọi khóa sau nó.",
  "keys.inUse": "Đang dùng",
  "keys.withdrawn": "Đã rút",
  "keys.public": "Khóa công khai (Ed25519)",
  "keys.since": "Dùng từ",
  "keys.until": "Rút ngày",
  "keys.vouched": "Được bảo chứng bởi",
  "keys.first": "Không có: đây là khóa đầu tiên",
  "keys.spec": "Mọi định dạng đều được mô tả, kèm bộ dữ liệu thử và một chương trình kiểm tra bằng Python:",
  "keys.specLink": "bản đặc tả",
  "keys.keep": "Hãy lưu một bản nhận dạng của sổ đăng ký. Bản bạn lưu từ trước mới là bản có giá trị:",
  "snapshots.title": "Bản chụp hằng ngày",
  "snapshots.lead": "Mọi dòng của sổ đăng ký ngay sau khi kết thúc mỗi ngày.",
  "snapshots.check": "Tự kiểm tra chữ ký và đối chiếu từng dòng với nhật ký công khai:",
  "snapshots.none": "Bản đầu tiên sẽ có sau hôm nay.",
  "snapshots.statements": "Tuyên bố có chữ ký về mã băm (JSON)",
} satisfies Translation<typeof en>;
