import type en from "../en/check-file.ts";
import type { Translation } from "../translation.ts";

export default {
  title: "Hoặc kiểm tra một tệp",
  hint: "Chứng nhận lưu dạng PDF hoặc JSON. Tệp không rời thiết bị của bạn.",
  too_large: "Tệp này quá lớn, không thể là chứng nhận, nên không được đọc tiếp.",
  not_text: "Tệp này không phải PDF, cũng không phải JSON. Hãy chọn tệp PDF hoặc JSON của chứng nhận.",
  not_read: "Không đọc được tệp. Hãy chọn lại.",
  pdf_encrypted: "PDF này có mật khẩu. Hãy lưu lại không mật khẩu, hoặc chọn tệp JSON của chứng nhận.",
  pdf_without:
    "PDF này không kèm chứng nhận: in lại hoặc chỉnh sửa PDF sẽ làm mất phần đó. Hãy tải lại từ trang của chứng nhận.",
  pdf_several:
    "PDF này kèm nhiều hơn một tệp, không còn như lúc được cấp. Hãy tải lại từ trang của chứng nhận.",
  pdf_damaged: "PDF này bị hỏng: không mở được chứng nhận kèm theo. Hãy tải lại từ trang của chứng nhận.",
  now: "Sổ đăng ký hiện ghi nhận",
  nowRevoked: "Đã bị thu hồi ngày {{ date }}",
  nowGood: "Chưa bị thu hồi, tính đến {{ date }}",
  nowPassedOn:
    "Chưa bị thu hồi, nhưng tín chỉ đã được chuyển tiếp: hiện có chứng nhận khác cho các tín chỉ này, tính đến {{ date }}",
  nowRetired:
    "Chưa bị thu hồi; tín chỉ đã được xóa sổ, chứng nhận hiện hành là chứng nhận xóa sổ, tính đến {{ date }}",
  nowUnknown: "Sổ đăng ký không có số này",
  nowUnreachable: "Không kết nối được sổ đăng ký; nội dung trong tệp có thể đã cũ.",
} satisfies Translation<typeof en>;
