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
    en: "This is a {kind} file, not text. Export the trips as CSV, Excel (.xlsx), GPX or JSON and upload that. Nothing was imported.",
    vi: "Đây là tệp {kind}, không phải văn bản. Hãy xuất chuyến đi dạng CSV, Excel (.xlsx), GPX hoặc JSON rồi tải lên. Chưa có gì được nhập.",
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
  import_several_vehicles: {
    kind: "conflict",
    en: "This file holds the trips of {count} vehicles: {vehicles}. Say which one is this vehicle. Nothing was imported.",
    vi: "Tệp này chứa chuyến đi của {count} xe: {vehicles}. Hãy cho biết xe nào là xe này. Chưa có gì được nhập.",
  },
  import_other_vehicle: {
    kind: "conflict",
    en: "This file is about the vehicle {vin}; this one is {own}. Upload it to that vehicle. Nothing was imported.",
    vi: "Tệp này thuộc xe {vin}; xe này là {own}. Hãy tải tệp lên đúng xe đó. Chưa có gì được nhập.",
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
  import_json_broken: {
    kind: "invalid",
    en: "This looks like JSON and holds no object that can be read. Export it again. Nothing was imported.",
    vi: "Tệp này giống JSON nhưng không có đối tượng nào đọc được. Hãy xuất lại. Chưa có gì được nhập.",
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
