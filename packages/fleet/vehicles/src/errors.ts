import { refusals } from "@evx/kernel";

/** Everything that this room refuses, with what was kept and what to do. */
export const refuse = refusals({
  vehicle_not_found: {
    kind: "not_found",
    en: "There is no such vehicle among yours.",
    vi: "Không có xe này trong danh sách của bạn.",
  },
  vehicle_vin_malformed: {
    kind: "invalid",
    en: "A VIN has 17 letters and digits, without I, O and Q. Check it on the registration paper; nothing was saved.",
    vi: "Số VIN gồm 17 chữ cái và chữ số, không có I, O và Q. Hãy đối chiếu giấy đăng ký xe; chưa có gì được lưu.",
  },
  vehicle_vin_check_digit: {
    kind: "invalid",
    en: "The ninth character of this VIN should be {expected}, so one character is mistyped. Nothing was saved; check it on the registration paper.",
    vi: "Ký tự thứ chín của số VIN này phải là {expected}, nên có ký tự bị gõ sai. Chưa có gì được lưu; hãy đối chiếu giấy đăng ký xe.",
  },
  vehicle_registered: {
    kind: "conflict",
    en: "You have already registered this vehicle. Open it in your garage.",
    vi: "Bạn đã đăng ký xe này. Hãy mở xe trong gara của bạn.",
  },
  vehicle_of_another: {
    kind: "conflict",
    en: "This vehicle is registered to someone else. If you bought it, ask the seller to hand it over here, or write to us. Nothing was saved.",
    vi: "Xe này đang được đăng ký cho người khác. Nếu bạn đã mua xe, hãy nhờ người bán bàn giao tại đây hoặc liên hệ với chúng tôi. Chưa có gì được lưu.",
  },
  vehicle_year_impossible: {
    kind: "invalid",
    en: "The model year must lie between 1990 and next year. Nothing was saved.",
    vi: "Đời xe phải từ 1990 đến năm sau. Chưa có gì được lưu.",
  },
  vehicle_handed_over: {
    kind: "conflict",
    en: "This vehicle was handed over on {date}. Trips until then stay yours; later ones belong to the new owner.",
    vi: "Xe này đã được bàn giao ngày {date}. Các chuyến đi đến lúc đó vẫn là của bạn; sau đó thuộc chủ mới.",
  },
  vehicle_handover_before_claims: {
    kind: "conflict",
    en: "Trips up to {date} are already in a request, so the car cannot have changed hands before. Choose a later date; nothing was changed.",
    vi: "Các chuyến đi đến {date} đã nằm trong một yêu cầu, nên xe không thể đổi chủ trước đó. Hãy chọn ngày muộn hơn; chưa có gì thay đổi.",
  },
  vehicle_handover_in_future: {
    kind: "invalid",
    en: "The hand-over date lies in the future. Nothing was changed; come back on that day.",
    vi: "Ngày bàn giao ở trong tương lai. Chưa có gì thay đổi; hãy quay lại vào ngày đó.",
  },
  odometer_backwards: {
    kind: "conflict",
    en: "An odometer cannot run backwards: on {date} it showed {km} km. Nothing was saved; check the reading.",
    vi: "Đồng hồ không thể chạy lùi: ngày {date} đã ghi {km} km. Chưa có gì được lưu; hãy kiểm tra số đọc.",
  },
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
  import_too_large: {
    kind: "too_large",
    en: "The file is larger than {limit} MB. Split it by year and upload the parts. Nothing was imported.",
    vi: "Tệp lớn hơn {limit} MB. Hãy chia theo năm rồi tải từng phần. Chưa có gì được nhập.",
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
  import_interrupted: {
    kind: "invalid",
    en: "The upload broke off before the end. Nothing of it was imported; please send it again.",
    vi: "Việc tải lên bị ngắt giữa chừng. Chưa có gì được nhập; vui lòng gửi lại.",
  },
  import_not_found: {
    kind: "not_found",
    en: "There is no such import among yours.",
    vi: "Không có lần nhập này trong danh sách của bạn.",
  },
  import_already_ended: {
    kind: "conflict",
    en: "This import has already ended. Undo it if you do not want its trips.",
    vi: "Lần nhập này đã kết thúc. Hãy hoàn tác nếu bạn không muốn giữ các chuyến đi.",
  },
  import_still_running: {
    kind: "conflict",
    en: "This import is still running. Cancel it first, then undo it.",
    vi: "Lần nhập này vẫn đang chạy. Hãy hủy trước rồi hoàn tác.",
  },
  import_has_claims: {
    kind: "conflict",
    en: "{count} of these trips are in a request for credits and stay as they are. Nothing was removed.",
    vi: "{count} chuyến đi trong số này đang nằm trong yêu cầu cấp tín chỉ và được giữ nguyên. Chưa có gì bị xóa.",
  },
  trips_none_to_claim: {
    kind: "conflict",
    en: "There are no trips to claim in this period: none is recorded, or all are in another request. Nothing was changed.",
    vi: "Không có chuyến đi nào để yêu cầu trong kỳ này: chưa ghi nhận, hoặc đều đã ở yêu cầu khác. Chưa có gì thay đổi.",
  },
  trips_claimed_elsewhere: {
    kind: "conflict",
    en: "Some of this car's time is already claimed by another request. Nothing was changed; choose another period.",
    vi: "Một phần thời gian của xe này đã thuộc yêu cầu khác. Chưa có gì thay đổi; hãy chọn kỳ khác.",
  },
  trips_not_of_request: {
    kind: "invalid",
    en: "Some of the trips named are not part of this request. Nothing was changed.",
    vi: "Một số chuyến đi được nêu không thuộc yêu cầu này. Chưa có gì thay đổi.",
  },
  trip_not_found: {
    kind: "not_found",
    en: "There is no such trip among yours.",
    vi: "Không có chuyến đi này trong danh sách của bạn.",
  },
  connections_not_configured: {
    kind: "unavailable",
    en: "This venue cannot connect cars yet. Import a file, or let your own device send the trips.",
    vi: "Sàn này chưa kết nối được với xe. Hãy nhập tệp, hoặc để thiết bị của bạn gửi chuyến đi.",
  },
  connection_state_invalid: {
    kind: "invalid",
    en: "The connection was not allowed, or the link is too old. Nothing was changed; start it again from the vehicle's page.",
    vi: "Kết nối chưa được cho phép, hoặc liên kết đã quá cũ. Chưa có gì thay đổi; hãy bắt đầu lại từ trang của xe.",
  },
  connection_other_car: {
    kind: "conflict",
    en: "The car you allowed has another VIN than this vehicle. Nothing was connected; choose the right car.",
    vi: "Xe bạn cho phép có số VIN khác với xe này. Chưa kết nối gì; hãy chọn đúng xe.",
  },
  connection_provider_silent: {
    kind: "unavailable",
    en: "The car's service does not answer at the moment. Nothing was connected; try again in a few minutes.",
    vi: "Dịch vụ của xe hiện không trả lời. Chưa kết nối gì; hãy thử lại sau vài phút.",
  },
  push_token_invalid: {
    kind: "unauthenticated",
    en: "This push token is not valid. Nothing was recorded; make a new one on the vehicle's page.",
    vi: "Mã gửi dữ liệu không hợp lệ. Chưa có gì được ghi; hãy tạo mã mới ở trang của xe.",
  },
});
