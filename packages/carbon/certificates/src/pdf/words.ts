import type { Locale } from "@evx/kernel";

/** Words of a printed certificate, which the verification report uses as well. Screens have their own dictionary. */
export const paperWords = {
  venue: { en: "EV Carbon Exchange", vi: "EV Carbon Exchange" },
  issuance: { en: "Certificate of issuance", vi: "Chứng nhận phát hành tín chỉ" },
  purchase: { en: "Certificate of purchase", vi: "Chứng nhận mua tín chỉ" },
  retirement: { en: "Certificate of retirement", vi: "Chứng nhận xóa sổ tín chỉ" },
  transfer: { en: "Certificate of transfer", vi: "Chứng nhận chuyển nhượng tín chỉ" },
  issuance_lead: {
    en: "These carbon credits were issued to",
    vi: "Các tín chỉ carbon này được phát hành cho",
  },
  purchase_lead: { en: "These carbon credits were bought by", vi: "Các tín chỉ carbon này được mua bởi" },
  transfer_lead: {
    en: "These carbon credits were transferred to",
    vi: "Các tín chỉ carbon này được chuyển cho",
  },
  section_standing: { en: "Where its credits are, as of {at}", vi: "Tình trạng tín chỉ, tính đến {at}" },
  current: {
    en: "Current: this certificate speaks for them",
    vi: "Hiện hành: chứng nhận này đại diện cho chúng",
  },
  passed_on: {
    en: "Passed on: a newer certificate speaks for them",
    vi: "Đã chuyển đi: một chứng nhận mới hơn đại diện cho chúng",
  },
  gone_retired: { en: "Retired", vi: "Đã xóa sổ" },
  gone_cancelled: { en: "Cancelled", vi: "Đã hủy bỏ" },
  gone_revoked: { en: "Revoked", vi: "Đã thu hồi" },
  more_ranges: { en: "and {count} more", vi: "và {count} dải khác" },
  attached: {
    en: "The attached file proves all of this offline",
    vi: "Tệp đính kèm chứng minh tất cả điều này ngoại tuyến",
  },
  retirement_lead: {
    en: "These carbon credits were retired permanently on behalf of",
    vi: "Các tín chỉ carbon này đã được xóa sổ vĩnh viễn thay mặt cho",
  },
  seal: { en: "Seal of batch {batch}", vi: "Con dấu của lô {batch}" },
  credits: { en: "carbon credits", vi: "tín chỉ carbon" },
  equals: { en: "{kg} kg of CO₂e", vi: "{kg} kg CO₂e" },
  number: { en: "Number", vi: "Số" },
  issued: { en: "Issued", vi: "Ngày cấp" },
  retired_by: { en: "Retired by", vi: "Người xóa sổ" },
  section_purpose: { en: "Retirement", vi: "Xóa sổ" },
  purpose: { en: "Purpose", vi: "Mục đích" },
  period: { en: "Consumption period", vi: "Kỳ tiêu thụ" },
  country: { en: "Country", vi: "Quốc gia" },
  message: { en: "Message", vi: "Lời nhắn" },
  vehicle: { en: "Vehicle", vi: "Phương tiện" },
  vintage: { en: "Vintage", vi: "Năm phát sinh" },
  method: { en: "Method", vi: "Phương pháp" },
  factor_set: { en: "Factor set", vi: "Bộ hệ số" },
  quality: { en: "Data quality", vi: "Chất lượng dữ liệu" },
  verifier: { en: "Verified by", vi: "Thẩm định bởi" },
  serials: { en: "Serial numbers", vi: "Số sê-ri" },
  quantity: { en: "Credits", vi: "Tín chỉ" },
  root: { en: "Merkle root of the trips", vi: "Gốc Merkle của các chuyến đi" },
  signature: { en: "Signature (Ed25519)", vi: "Chữ ký (Ed25519)" },
  key: { en: "Key", vi: "Khóa" },
  scan: { en: "Scan to verify, also offline", vi: "Quét để xác minh, kể cả ngoại tuyến" },
  revoked: { en: "REVOKED", vi: "ĐÃ THU HỒI" },
  revoked_on: { en: "Revoked on {date}: {reason}", vi: "Thu hồi ngày {date}: {reason}" },
  page: { en: "Page {page} of {pages}", vi: "Trang {page}/{pages}" },
  verify_at: { en: "Verify at", vi: "Xác minh tại" },
  car: { en: "Car", vi: "Ô tô" },
  van: { en: "Van", vi: "Xe tải nhẹ" },
  quadricycle: { en: "Quadricycle", vi: "Xe bốn bánh cỡ nhỏ" },
  motorcycle: { en: "Motorcycle", vi: "Xe máy" },
  connected: { en: "Connected car", vi: "Xe kết nối" },
  export: { en: "Export with odometer", vi: "Tệp xuất kèm công-tơ-mét" },
  manual: { en: "Entered by hand", vi: "Nhập tay" },
} as const satisfies Words;

type Words = Readonly<Record<string, Readonly<Record<Locale, string>>>>;

/** What a word becomes in a language, with its gaps filled. */
export type Say<Word extends string> = (word: Word, values?: Record<string, string | number>) => string;

/** Speaks the words of a list in a language. */
export const sayIn =
  <const List extends Words>(words: List, locale: Locale): Say<keyof List & string> =>
  (word, values = {}) =>
    words[word]?.[locale].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "")) ?? word;

export const isWordOf = <const List extends Words>(words: List, text: string): text is keyof List & string =>
  Object.hasOwn(words, text);
