import { refusals } from "@evx/kernel";

/** What makes a file no table of rows. */
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
    en: "This is a {kind} file, not text. Export the trips as CSV, Excel (.xlsx), GPX or JSON and upload that. Nothing was imported.",
    vi: "Đây là tệp {kind}, không phải văn bản. Hãy xuất chuyến đi dạng CSV, Excel (.xlsx), GPX hoặc JSON rồi tải lên. Chưa có gì được nhập.",
  },
  import_track_without_times: {
    kind: "invalid",
    en: "This {kind} file draws a line and has no times, so no trip can be told from it. Bring a GPX with times, or a CSV with a time in each row. Nothing was imported.",
    vi: "Tệp {kind} này chỉ vẽ đường đi mà không có thời gian nên không thể dựng chuyến đi. Hãy dùng GPX có thời gian hoặc CSV có thời gian ở mỗi dòng. Chưa có gì được nhập.",
  },
  import_xml_unknown: {
    kind: "invalid",
    en: "This is an XML file of “{root}”, not a GPX track. Bring a GPX with times, or the trips as CSV. Nothing was imported.",
    vi: "Đây là tệp XML loại “{root}”, không phải lộ trình GPX. Hãy dùng GPX có thời gian hoặc CSV chuyến đi. Chưa có gì được nhập.",
  },
  import_xml_broken: {
    kind: "invalid",
    en: "The XML of this file is broken at line {line}. Export it again. Nothing was imported.",
    vi: "XML của tệp bị hỏng ở dòng {line}. Hãy xuất lại tệp. Chưa có gì được nhập.",
  },
  import_xml_entities: {
    kind: "invalid",
    en: "The file declares a document type or entities of its own, which no export of trips needs. Nothing was imported.",
    vi: "Tệp tự khai báo kiểu tài liệu hoặc thực thể, điều mà tệp chuyến đi không cần. Chưa có gì được nhập.",
  },
  import_workbook_broken: {
    kind: "invalid",
    en: "This is a ZIP file and no Excel workbook that we can read. Save it as .xlsx or CSV. Nothing was imported.",
    vi: "Đây là tệp ZIP, không phải sổ Excel đọc được. Hãy lưu lại dạng .xlsx hoặc CSV. Chưa có gì được nhập.",
  },
  import_workbook_too_large: {
    kind: "too_large",
    en: "The workbook unpacks to more than {limit} MB. Save its sheet as CSV. Nothing was imported.",
    vi: "Sổ Excel giải nén ra hơn {limit} MB. Hãy lưu trang tính dạng CSV. Chưa có gì được nhập.",
  },
  import_sheets_too_many: {
    kind: "invalid",
    en: "The workbook has {count} sheets; {limit} is the most. Keep the one with the trips. Nothing was imported.",
    vi: "Sổ Excel có {count} trang tính; tối đa {limit}. Hãy chỉ giữ trang có chuyến đi. Chưa có gì được nhập.",
  },
});
