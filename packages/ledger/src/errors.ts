import { refusals } from "@evx/kernel";

/** The book's refusals. Each leaves every account as it was. */
export const refuse = refusals({
  balance_insufficient: {
    kind: "conflict",
    en: "There is not enough for this: {missing} short, {available} available. Nothing was moved; choose a smaller amount.",
    vi: "Không đủ số dư: thiếu {missing}, hiện có {available}. Chưa có gì được chuyển; hãy chọn số lượng nhỏ hơn.",
  },
  transfer_id_reused: {
    kind: "conflict",
    en: "A transfer under this id was already made with another content. It stands as it was; use a new id for a new transfer.",
    vi: "Mã giao dịch này đã được dùng với nội dung khác. Giao dịch cũ giữ nguyên; hãy dùng mã mới cho giao dịch mới.",
  },
  hold_id_reused: {
    kind: "conflict",
    en: "A reservation under this id already exists with another content. It stands as it was; use a new id.",
    vi: "Mã giữ chỗ này đã tồn tại với nội dung khác. Khoản giữ cũ không đổi; hãy dùng mã mới.",
  },
  hold_unknown: {
    kind: "not_found",
    en: "There is no reservation {holdId}. Nothing was moved.",
    vi: "Không có khoản giữ chỗ {holdId}. Chưa có gì được chuyển.",
  },
  hold_ended: {
    kind: "conflict",
    en: "The reservation {holdId} has already ended. Nothing more was moved; look at what became of it.",
    vi: "Khoản giữ chỗ {holdId} đã kết thúc. Không có gì được chuyển thêm; hãy xem kết quả của nó.",
  },
  batch_already_issued: {
    kind: "conflict",
    en: "The credits of batch {batchId} were already issued. They stand as they are; nothing was issued twice.",
    vi: "Tín chỉ của lô {batchId} đã được phát hành. Chúng giữ nguyên; không có gì bị phát hành hai lần.",
  },
});
