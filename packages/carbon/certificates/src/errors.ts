import { refusals } from "@evx/kernel";

/** Refusals of certificates and their revocation. */
export const refuse = refusals({
  reviewer_not_accredited: {
    kind: "forbidden",
    en: "Your accreditation was withdrawn or your account is suspended, so you cannot review. Nothing was changed.",
    vi: "Chứng nhận của bạn đã bị thu hồi hoặc tài khoản bị khóa nên bạn không thể thẩm định. Chưa có gì thay đổi.",
  },
  certificate_not_found: {
    kind: "not_found",
    en: "There is no certificate with this number. Check each character; the last one is a check character.",
    vi: "Không có chứng nhận mang số này. Hãy kiểm tra từng ký tự; ký tự cuối là ký tự kiểm tra.",
  },
  signing_key_withdrawn: {
    kind: "conflict",
    en: "The venue's signing key was withdrawn and no other has been set yet, so no certificate can be made. Nothing was changed; try again later.",
    vi: "Khóa ký của sàn đã bị rút lại và chưa có khóa khác, nên chưa thể cấp chứng nhận. Chưa có gì thay đổi; hãy thử lại sau.",
  },
  signing_key_unknown: {
    kind: "conflict",
    en: "The venue's signing key has been changed and is not published yet, so no certificate can be made. Nothing was changed; try again later.",
    vi: "Khóa ký của sàn vừa được thay và chưa được công bố, nên chưa thể cấp chứng nhận. Chưa có gì thay đổi; hãy thử lại sau.",
  },
  book_not_found: {
    kind: "not_found",
    en: "There is no book of that day, or its proofs are no longer kept. The books of the last 35 days are.",
    vi: "Không có sổ của ngày đó, hoặc bằng chứng của ngày đó không còn được lưu. Sổ của 35 ngày gần nhất luôn được lưu.",
  },
  snapshot_not_found: {
    kind: "not_found",
    en: "There is no snapshot of that day. One is taken shortly after each day.",
    vi: "Không có bản chụp của ngày đó. Mỗi ngày có một bản, lưu ngay sau khi hết ngày.",
  },
  certificate_already_revoked: {
    kind: "conflict",
    en: "This certificate was already revoked. The first reason stands.",
    vi: "Chứng nhận này đã bị thu hồi trước đó. Lý do đầu tiên được giữ nguyên.",
  },
  certificate_not_yours_to_revoke: {
    kind: "forbidden",
    en: "Only the auditor who issued it or an operator can revoke this certificate. Nothing was changed.",
    vi: "Chỉ thẩm định viên đã cấp hoặc quản trị viên mới có thể thu hồi chứng nhận này. Chưa có gì thay đổi.",
  },
});
