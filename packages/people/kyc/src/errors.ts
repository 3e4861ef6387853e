import { refusals } from "@evx/kernel";

/** Refusals of proof of identity. */
export const refuse = refusals({
  document_unreadable: {
    kind: "unsupported_media",
    en: "That is not a JPEG, PNG or WebP picture nor a PDF, whatever its name says. Nothing was stored; send another file.",
    vi: "Đây không phải ảnh JPEG, PNG, WebP hay PDF, dù tên tệp là gì. Chưa lưu gì cả; hãy gửi tệp khác.",
  },
  document_unsafe: {
    kind: "invalid",
    en: "This file does more than show a page: it carries a script or another file, is locked, or unfolds beyond measure. Nothing was stored; send a photograph or a plain scan.",
    vi: "Tệp này không chỉ hiển thị trang: nó chứa mã lệnh hoặc tệp khác, bị khóa, hoặc giải nén quá lớn. Chưa lưu gì cả; hãy gửi ảnh chụp hoặc bản quét thông thường.",
  },
  document_too_large: {
    kind: "too_large",
    en: "That file is larger than 10 MB. Nothing was stored; send a smaller picture.",
    vi: "Tệp này lớn hơn 10 MB. Chưa lưu gì cả; hãy gửi ảnh nhỏ hơn.",
  },
  documents_full: {
    kind: "conflict",
    en: "You have {most} pictures waiting already. This one was not stored; submit the file first.",
    vi: "Bạn đã có {most} ảnh đang chờ. Ảnh này chưa được lưu; hãy nộp hồ sơ trước.",
  },
  document_not_found: {
    kind: "not_found",
    en: "There is no such picture, or it is not yours to see.",
    vi: "Không có ảnh này, hoặc bạn không có quyền xem.",
  },
  kyc_not_found: {
    kind: "not_found",
    en: "There is no such identity file, or it is not yours to see.",
    vi: "Không có hồ sơ danh tính này, hoặc bạn không có quyền xem.",
  },
  kyc_waiting: {
    kind: "conflict",
    en: "Your identity file is being looked at. Nothing was changed; wait for the decision.",
    vi: "Hồ sơ danh tính của bạn đang được xem xét. Chưa có gì thay đổi; hãy đợi kết quả.",
  },
  kyc_verified_already: {
    kind: "conflict",
    en: "Your identity is verified already; there is nothing to do.",
    vi: "Danh tính của bạn đã được xác minh; bạn không cần làm gì thêm.",
  },
  kyc_decided_already: {
    kind: "conflict",
    en: "This identity file was decided already ({status}). Nothing was changed.",
    vi: "Hồ sơ danh tính này đã có kết quả ({status}). Chưa có gì thay đổi.",
  },
  kyc_own_file: {
    kind: "forbidden",
    en: "You cannot decide on your own identity file. Nothing was changed; another auditor or operator must.",
    vi: "Bạn không thể tự xét duyệt hồ sơ danh tính của mình. Chưa có gì thay đổi; cần người thẩm định khác.",
  },
  reviewer_required: {
    kind: "forbidden",
    en: "Only an accredited auditor or an operator can do this.",
    vi: "Chỉ thẩm định viên được công nhận hoặc quản trị viên mới làm được việc này.",
  },
});
