import type { Locale } from "@evx/kernel";
import { isWordOf, paperWords, type Say, sayIn } from "./words.ts";

/** Words of the printed report, beside those that it shares with a certificate. */
const words = {
  ...paperWords,
  report: { en: "Verification report", vi: "Báo cáo thẩm định" },
  request: { en: "Request", vi: "Yêu cầu" },
  owner: { en: "Owner", vi: "Chủ xe" },
  status: { en: "Status", vi: "Trạng thái" },
  pending: { en: "Waiting for review", vi: "Chờ thẩm định" },
  in_review: { en: "In review", vi: "Đang thẩm định" },
  needs_info: { en: "Waiting for the owner's answer", vi: "Chờ chủ xe trả lời" },
  approved: { en: "Approved", vi: "Đã phê duyệt" },
  rejected: { en: "Rejected", vi: "Đã từ chối" },
  submitted: { en: "Submitted", vi: "Ngày gửi" },
  decided: { en: "Decided", vi: "Ngày quyết định" },
  reviewer: { en: "Auditor", vi: "Thẩm định viên" },
  reviewers: { en: "Auditors", vi: "Các thẩm định viên" },
  trips: { en: "Trips", vi: "Chuyến đi" },
  trips_span: { en: "First to last trip", vi: "Từ chuyến đầu đến chuyến cuối" },
  distance: { en: "Distance", vi: "Quãng đường" },
  energy: { en: "Energy", vi: "Điện năng" },
  not_known: { en: "not known", vi: "không rõ" },
  section_result: { en: "Result", vi: "Kết quả" },
  section_asked: { en: "What was requested", vi: "Nội dung yêu cầu" },
  section_calculation: { en: "Calculation", vi: "Tính toán" },
  section_risk: { en: "Risk", vi: "Rủi ro" },
  section_flags: { en: "Flags", vi: "Cờ cảnh báo" },
  section_refused: { en: "Trips rejected", vi: "Chuyến đi bị từ chối" },
  section_history: { en: "History", vi: "Diễn biến" },
  vintage: { en: "Vintage", vi: "Kỳ phát sinh" },
  section_proof: { en: "Proof", vi: "Bằng chứng" },
  calculation_note: {
    en: "Both methods were computed from the same frozen trips; one of them counts.",
    vi: "Cả hai phương pháp được tính từ cùng các chuyến đi đã cố định; một phương pháp được áp dụng.",
  },
  counts: { en: "counts", vi: "được áp dụng" },
  factors: { en: "Factors", vi: "Hệ số" },
  result_g: { en: "CO₂ avoided", vi: "CO₂ giảm được" },
  credits_issued: { en: "Credits issued", vi: "Tín chỉ đã cấp" },
  credits_buffer: { en: "of these to the buffer", vi: "trong đó vào quỹ dự phòng" },
  credits_asked: { en: "Credits requested", vi: "Tín chỉ yêu cầu" },
  batch: { en: "Batch", vi: "Lô" },
  score: { en: "Risk score", vi: "Điểm rủi ro" },
  points: { en: "Points", vi: "Điểm" },
  reason: { en: "Reason", vi: "Lý do" },
  count: { en: "Count", vi: "Số lượng" },
  started: { en: "Started", vi: "Bắt đầu" },
  none: { en: "None.", vi: "Không có." },
  more: { en: "{count} more are listed online.", vi: "Còn {count} mục nữa xem trực tuyến." },
  by: { en: "By", vi: "Bởi" },
  when: { en: "When", vi: "Khi nào" },
  what: { en: "What", vi: "Việc gì" },
  did_submitted: { en: "Request sent", vi: "Gửi yêu cầu" },
  did_claimed: { en: "Taken into review", vi: "Nhận thẩm định" },
  did_released: { en: "Returned to the queue", vi: "Trả lại hàng chờ" },
  did_question: { en: "Question to the owner", vi: "Hỏi chủ xe" },
  did_answer: { en: "Owner's answer", vi: "Chủ xe trả lời" },
  did_first_approval: { en: "First approval", vi: "Phê duyệt lần một" },
  did_approved: { en: "Approved, credits issued", vi: "Phê duyệt, phát hành tín chỉ" },
  did_rejected: { en: "Rejected", vi: "Từ chối" },
  leaves: { en: "Trips in the tree", vi: "Số chuyến trong cây" },
  generated: { en: "Printed {date}", vi: "In ngày {date}" },
} as const satisfies Record<string, Record<Locale, string>>;

export type Word = keyof typeof words;

/** The word in a language, with its gaps filled. */
export const wordsIn = (locale: Locale): Say<Word> => sayIn(words, locale);

export const isWord = (text: string): text is Word => isWordOf(words, text);
