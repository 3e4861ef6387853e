import { refusals } from "@evx/kernel";

/** What makes a file unreadable as a whole. */
export const refuse = refusals({
  import_empty: {
    kind: "invalid",
    en: "The file is empty. Nothing was imported.",
    vi: "Tệp trống. Chưa có gì được nhập.",
  },
  import_no_rows: {
    kind: "invalid",
    en: "The file has a header and no rows below it. Nothing was imported.",
    vi: "Tệp chỉ có dòng tiêu đề, không có dữ liệu. Chưa có gì được nhập.",
  },
  import_not_text: {
    kind: "unsupported_media",
    en: "This is a {kind} file, not text. Export the trips as CSV or JSON and upload that. Nothing was imported.",
    vi: "Đây là tệp {kind}, không phải văn bản. Hãy xuất chuyến đi dạng CSV hoặc JSON rồi tải lên. Chưa có gì được nhập.",
  },
  import_format_unknown: {
    kind: "invalid",
    en: "We do not recognise these columns: {columns}. Tell us which one is: {missing}. Nothing was imported.",
    vi: "Chúng tôi không nhận ra các cột này: {columns}. Hãy cho biết cột nào là: {missing}. Chưa có gì được nhập.",
  },
  import_of_charges: {
    kind: "invalid",
    en: "This file lists charges, not trips. Upload the trip file of the same program. Nothing was imported.",
    vi: "Tệp này ghi các lần sạc, không phải chuyến đi. Hãy tải tệp chuyến đi của cùng chương trình. Chưa có gì được nhập.",
  },
  import_columns_too_many: {
    kind: "invalid",
    en: "The file has more than {limit} columns. Nothing was imported.",
    vi: "Tệp có hơn {limit} cột. Chưa có gì được nhập.",
  },
  import_zone_unknown: {
    kind: "invalid",
    en: "“{zone}” is not a time zone we know. Write it like Asia/Ho_Chi_Minh. Nothing was imported.",
    vi: "“{zone}” không phải múi giờ hợp lệ. Hãy viết như Asia/Ho_Chi_Minh. Chưa có gì được nhập.",
  },
});
