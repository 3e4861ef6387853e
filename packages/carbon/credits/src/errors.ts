import { refusals } from "@evx/kernel";

/** Refusals of credits. Each leaves every wallet as it was. */
export const refuse = refusals({
  credits_insufficient: {
    kind: "conflict",
    en: "Your wallet has {available} credits free, so {missing} are missing. Nothing was moved; choose a smaller amount.",
    vi: "Ví của bạn còn {available} tín chỉ khả dụng, thiếu {missing}. Chưa có gì được chuyển; hãy chọn số lượng nhỏ hơn.",
  },
  credits_to_self: {
    kind: "invalid",
    en: "That is your own wallet. Nothing was moved; name another receiver.",
    vi: "Đó là ví của chính bạn. Chưa có gì được chuyển; hãy chọn người nhận khác.",
  },
  credits_receiver_unknown: {
    kind: "not_found",
    en: "Nobody has that wallet number. Nothing was moved; ask the receiver to copy it from their wallet page.",
    vi: "Không có ai dùng số ví này. Chưa có gì được chuyển; hãy nhờ người nhận sao chép số từ trang ví của họ.",
  },
  credits_receiver_suspended: {
    kind: "conflict",
    en: "That account cannot receive credits at the moment. Nothing was moved.",
    vi: "Tài khoản đó hiện không thể nhận tín chỉ. Chưa có gì được chuyển.",
  },
  retirement_period_reversed: {
    kind: "invalid",
    en: "The period ends before it starts. Nothing was retired; swap the two dates.",
    vi: "Kỳ tiêu thụ kết thúc trước khi bắt đầu. Chưa có gì được xóa sổ; hãy đổi chỗ hai ngày.",
  },
  retirement_id_reused: {
    kind: "conflict",
    en: "A retirement under this id already stands with another content. It is unchanged; use a new id.",
    vi: "Đã có một lần xóa sổ với mã này nhưng nội dung khác. Nội dung cũ giữ nguyên; hãy dùng mã mới.",
  },
  batch_not_found: {
    kind: "not_found",
    en: "There is no batch with that number.",
    vi: "Không có lô nào mang số đó.",
  },
  serial_not_found: {
    kind: "not_found",
    en: "No credits carry that serial number. Check it for typing errors.",
    vi: "Không có tín chỉ nào mang số sê-ri đó. Hãy kiểm tra lại xem có gõ nhầm không.",
  },
  credits_revoked: {
    kind: "conflict",
    en: "{credits} of these credits are of a batch that was revoked. They cannot be listed, passed on or retired; nothing was moved.",
    vi: "{credits} trong số tín chỉ này thuộc một lô đã bị thu hồi. Không thể đăng bán, chuyển hay xóa sổ chúng; chưa có gì được chuyển.",
  },
  batch_already_revoked: {
    kind: "conflict",
    en: "This batch was already revoked. What is left of it is being taken back; nothing more was moved.",
    vi: "Lô này đã bị thu hồi trước đó. Phần còn lại đang được thu về; không có gì được chuyển thêm.",
  },
  shortfall_smaller: {
    kind: "conflict",
    en: "For this batch {credits} credits are still owed, and you gave more. Nothing was moved; choose a smaller amount.",
    vi: "Lô này chỉ còn thiếu {credits} tín chỉ, ít hơn số bạn đưa. Chưa có gì được chuyển; hãy chọn số lượng nhỏ hơn.",
  },
  batch_of_request_differs: {
    kind: "conflict",
    en: "This request's credits were already issued with other figures. They stand as they are; nothing was issued twice.",
    vi: "Tín chỉ của yêu cầu này đã được phát hành với số liệu khác. Chúng giữ nguyên; không có gì bị phát hành hai lần.",
  },
});
