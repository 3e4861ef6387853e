import type { Locale } from "@evx/kernel";
import { vietnameseSentences } from "./sentences.ts";

type Sentence = readonly [pattern: RegExp, said: string | ((...groups: string[]) => string)];

/** `"day" | "month"` as the checking library writes what may be chosen, as words. */
const choices = (written: string): string => written.replaceAll('"', "").split(" | ").join(", ");

/** Sentences of input checks in Vietnamese, by their English form; a pattern's groups are carried over. */
const vietnamese: readonly Sentence[] = [
  [
    /^Enter the credits as a decimal number.*$/,
    "Vui lòng nhập số tín chỉ dưới dạng số thập phân, ví dụ 0.25.",
  ],
  [
    /^Enter credits as a decimal number with at most six decimals\.$/,
    "Vui lòng nhập số tín chỉ với tối đa sáu chữ số thập phân.",
  ],
  [/^Enter the amount as a decimal number.*$/, "Vui lòng nhập số tiền dưới dạng số thập phân, ví dụ 12.34."],
  [/^Enter the time as ISO 8601.*$/, "Vui lòng nhập thời gian theo ISO 8601, ví dụ 2026-03-01T08:00:00Z."],
  [/^Enter the country as two letters.*$/, "Vui lòng nhập quốc gia bằng hai chữ cái, ví dụ VN."],
  [/^Enter the limit as a whole number\.$/, "Vui lòng nhập giới hạn bằng số nguyên."],
  [/^Must be more than zero\.$/, "Phải lớn hơn không."],
  [/^Must not be more than the most days\.$/, "Không được nhiều hơn số ngày tối đa."],
  [/^Must not be more than the longest\.$/, "Không được dài hơn phiên dài nhất."],
  [/^Enter a time in the years 1900 to 2199\.$/, "Vui lòng nhập thời gian trong các năm 1900 đến 2199."],
  [/^Must not be empty\.$/, "Không được để trống."],
  [/^At least (\d+)\.$/, "Ít nhất $1."],
  [/^At most (\d+)\.$/, "Nhiều nhất $1."],
  [/^At most (\d+) characters\.$/, "Nhiều nhất $1 ký tự."],
  [/^Needs at least (\d+) characters\.$/, "Cần ít nhất $1 ký tự."],
  [/^Enter an email address.*$/, "Vui lòng nhập địa chỉ email, ví dụ ten@example.com."],
  [
    /^Enter the name without < > and line breaks\.$/,
    "Vui lòng nhập tên không có dấu < > và không xuống dòng.",
  ],
  [/^Enter the name without web addresses\.$/, "Vui lòng nhập tên không có địa chỉ web."],
  [
    /^Enter the phone number with digits.*$/,
    "Vui lòng nhập số điện thoại bằng chữ số, ví dụ +84 90 123 45 67.",
  ],
  [
    /^Choose one of ev_owner, buyer or cva\..*$/,
    "Hãy chọn ev_owner, buyer hoặc cva. Quản trị viên chỉ do quản trị viên tạo.",
  ],
  [/^Too easy to guess\.$/, "Quá dễ đoán."],
  [/^Choose at least one\.$/, "Hãy chọn ít nhất một."],
  [/^Enter the six digits\.$/, "Vui lòng nhập sáu chữ số."],
  [/^Enter a whole number\.$/, "Vui lòng nhập một số nguyên."],
  [
    /^Enter a scope as room:read.*$/,
    "Vui lòng nhập phạm vi theo dạng room:read hoặc room:write, ví dụ vehicles:write.",
  ],
  [/^Enter the number as it is printed.*$/, "Vui lòng nhập số đúng như in trên giấy tờ: chữ cái và chữ số."],
  [/^Add at least one picture\.$/, "Hãy thêm ít nhất một ảnh."],
  [/^At most (\d+) pictures\.$/, "Nhiều nhất $1 ảnh."],
  [/^Say why it is rejected\.$/, "Hãy nêu lý do từ chối."],
  [/^Has characters that cannot be stored\.$/, "Có ký tự không thể lưu."],
  [/^Not the id of an? (\w+)\.$/, "Không phải mã định danh hợp lệ ($1)."],
  [/^Invalid (?:key|type): Expected .* but received undefined$/, "Thiếu trường này."],
  [
    /^Invalid type: Expected \((.*)\) but received .*$/,
    (_, written = "") => `Hãy chọn một trong: ${choices(written)}.`,
  ],
  [/^Invalid type: Expected string but received .*$/, "Phải là chữ."],
  [/^Invalid type: Expected number but received .*$/, "Phải là số."],
  [/^Not a cursor of this list\..*$/, "Không phải con trỏ của danh sách này. Hãy bỏ đi để bắt đầu từ đầu."],
  [/^There is no field of this name\.$/, "Không có trường nào tên như vậy."],
  [
    /^This parameter is there more than once\. Send it once\.$/,
    "Tham số này xuất hiện nhiều lần. Chỉ gửi một lần.",
  ],
  [/^Invalid value: Expected <=(\S+) but received .*$/, "Nhiều nhất $1."],
  [/^Invalid value: Expected >=(\S+) but received .*$/, "Ít nhất $1."],
  [/^Invalid integer: Received .*$/, "Vui lòng nhập một số nguyên."],
  [/^Invalid format: Expected \/\^\\d\S* but received .*$/, "Vui lòng chỉ nhập chữ số."],
  [/^Invalid .*$/, "Giá trị không hợp lệ."],
];

const english: readonly Sentence[] = [
  [/^Invalid (?:key|type): Expected .* but received undefined$/, "This field is missing."],
  [
    /^Invalid type: Expected \((.*)\) but received .*$/,
    (_, written = "") => `Choose one of ${choices(written)}.`,
  ],
  [/^Invalid type: Expected string but received .*$/, "Must be a text."],
  [/^Invalid type: Expected number but received .*$/, "Must be a number."],
  [/^Invalid value: Expected <=(\S+) but received .*$/, "At most $1."],
  [/^Invalid value: Expected >=(\S+) but received .*$/, "At least $1."],
  [/^Invalid integer: Received .*$/, "Enter a whole number."],
  [/^Invalid format: Expected \/\^\\d\S* but received .*$/, "Enter digits only."],
];

/** An input check's sentence in the reader's language. Sentences without a translation stay English. */
export const issueSentence = (message: string, locale: Locale): string => {
  const whole = locale === "vi" && Object.hasOwn(vietnameseSentences, message);
  if (whole) return vietnameseSentences[message] ?? message;
  const found = (locale === "vi" ? vietnamese : english).find(([pattern]) => pattern.test(message));
  if (!found) return message;
  const [pattern, said] = found;
  return typeof said === "string" ? message.replace(pattern, said) : message.replace(pattern, said);
};
