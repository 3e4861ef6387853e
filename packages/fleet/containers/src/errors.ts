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
    en: "This file is {kind}, not text. Export the trips as CSV, Excel (.xlsx), GPX or JSON and upload that. Nothing was imported.",
    vi: "Tệp này ở dạng {kind}, không phải văn bản. Hãy xuất chuyến đi dạng CSV, Excel (.xlsx), GPX hoặc JSON rồi tải lên. Chưa có gì được nhập.",
  },
  import_web_page: {
    kind: "invalid",
    en: "This is a web page and no list of trips, whatever its name ends in. If it shows a table, open it in a spreadsheet and save it as .xlsx or CSV; if it is a sign-in page, sign in and export again. Nothing was imported.",
    vi: "Đây là một trang web, không phải danh sách chuyến đi, dù tên tệp có đuôi gì. Nếu trang có bảng, hãy mở bằng phần mềm bảng tính rồi lưu thành .xlsx hoặc CSV; nếu là trang đăng nhập, hãy đăng nhập và xuất lại. Chưa có gì được nhập.",
  },
  import_archive_several: {
    kind: "invalid",
    en: "This archive holds {count} files: {files}. Unpack it and upload the one with the trips. Nothing was imported.",
    vi: "Tệp nén này chứa {count} tệp: {files}. Hãy giải nén rồi tải lên tệp có chuyến đi. Chưa có gì được nhập.",
  },
  import_archive_nested: {
    kind: "invalid",
    en: "This archive holds another archive, {file}. Unpack both and upload the file with the trips. Nothing was imported.",
    vi: "Tệp nén này lại chứa một tệp nén khác, {file}. Hãy giải nén cả hai rồi tải lên tệp có chuyến đi. Chưa có gì được nhập.",
  },
  import_archive_locked: {
    kind: "invalid",
    en: "This archive is locked with a password. Unpack it and upload the file within. Nothing was imported.",
    vi: "Tệp nén này được khóa bằng mật khẩu. Hãy giải nén rồi tải lên tệp bên trong. Chưa có gì được nhập.",
  },
  import_archive_broken: {
    kind: "invalid",
    en: "This archive cannot be unpacked; it may have been cut off on its way. Download it again, or upload the file within. Nothing was imported.",
    vi: "Không giải nén được tệp này; có thể tệp bị cắt khi tải về. Hãy tải lại, hoặc tải lên tệp bên trong. Chưa có gì được nhập.",
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
    en: "The workbook or archive unpacks to more than {limit} MB. Save its sheet as CSV. Nothing was imported.",
    vi: "Sổ Excel hoặc tệp nén giải nén ra hơn {limit} MB. Hãy lưu trang tính dạng CSV. Chưa có gì được nhập.",
  },
  import_sheets_too_many: {
    kind: "invalid",
    en: "The workbook has {count} sheets; {limit} is the most. Keep the one with the trips. Nothing was imported.",
    vi: "Sổ Excel có {count} trang tính; tối đa {limit}. Hãy chỉ giữ trang có chuyến đi. Chưa có gì được nhập.",
  },
});
