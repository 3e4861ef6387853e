import { refusals } from "@evx/kernel";

/** What this room refuses, with what was kept and what to do. */
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
  vehicle_two_wheeler: {
    kind: "invalid",
    en: "The {model} is a motorcycle or scooter. It stands in for a petrol scooter and cannot be registered as another kind; nothing was saved.",
    vi: "{model} là mô tô hoặc xe máy điện. Xe thay cho xe máy xăng nên không thể đăng ký là loại khác; chưa có gì được lưu.",
  },
  vehicle_zone_unknown: {
    kind: "invalid",
    en: "No time zone is called {zone}. Choose one by its place, such as Asia/Ho_Chi_Minh; nothing was saved.",
    vi: "Không có múi giờ tên {zone}. Hãy chọn theo địa danh, ví dụ Asia/Ho_Chi_Minh; chưa có gì được lưu.",
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
    vi: "Công-tơ-mét không thể chạy lùi: ngày {date} đã ghi {km} km. Chưa có gì được lưu; hãy kiểm tra số đọc.",
  },
});
