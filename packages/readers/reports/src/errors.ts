import { refusals } from "@evx/kernel";

export const refuse = refusals({
  report_not_found: {
    kind: "not_found",
    en: "There is no report of that person, or it is not yours to see.",
    vi: "Không có báo cáo của người này, hoặc bạn không có quyền xem.",
  },
  report_period_backwards: {
    kind: "invalid",
    en: "The period ends before it begins. Swap its two days.",
    vi: "Kỳ báo cáo kết thúc trước khi bắt đầu. Hãy đổi chỗ hai ngày.",
  },
  report_period_ahead: {
    kind: "invalid",
    en: "This period has not begun, so there is nothing to report; today is {today}. Choose one that begins today or before.",
    vi: "Kỳ này chưa bắt đầu nên chưa có gì để báo cáo; hôm nay là {today}. Hãy chọn kỳ bắt đầu từ hôm nay trở về trước.",
  },
  report_period_too_long: {
    kind: "invalid",
    en: "A report covers at most {most} years, and this asks for {years}. Choose a shorter period.",
    vi: "Một báo cáo dài nhất {most} năm, còn yêu cầu này là {years} năm. Hãy chọn kỳ ngắn hơn.",
  },
  report_period_too_fine: {
    kind: "invalid",
    en: "By day a report covers at most {most} days, and this asks for {days}. Choose months, or a shorter period.",
    vi: "Theo ngày, một báo cáo dài nhất {most} ngày, còn yêu cầu này là {days} ngày. Hãy chọn theo tháng hoặc kỳ ngắn hơn.",
  },
  export_not_found: {
    kind: "not_found",
    en: "There is no such file, or it is not yours.",
    vi: "Không có tệp này, hoặc tệp không phải của bạn.",
  },
  export_expired: {
    kind: "not_found",
    en: "This link has expired. Ask for the file again.",
    vi: "Liên kết này đã hết hạn. Hãy yêu cầu tạo lại tệp.",
  },
  export_not_ready: {
    kind: "conflict",
    en: "The file is still being written. It is ready when its status is done.",
    vi: "Tệp đang được tạo. Hãy chờ đến khi trạng thái là hoàn tất.",
  },
  export_failed: {
    kind: "conflict",
    en: "This file could not be made, and the operator has been told. Ask for it again later.",
    vi: "Không tạo được tệp này và quản trị viên đã được báo. Hãy yêu cầu lại sau.",
  },
  export_format_unsuited: {
    kind: "invalid",
    en: "A list of single rows comes as CSV or XLSX; on paper it would fill thousands of pages.",
    vi: "Danh sách từng dòng chỉ có dạng CSV hoặc XLSX; bản in sẽ dài hàng nghìn trang.",
  },
  exports_full: {
    kind: "conflict",
    en: "{most} of your files are still being written. Wait until one is done.",
    vi: "{most} tệp của bạn vẫn đang được tạo. Hãy chờ một tệp hoàn tất.",
  },
});
