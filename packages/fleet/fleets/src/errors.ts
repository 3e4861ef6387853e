import { refusals } from "@evx/kernel";

/** What this room refuses, with what was kept and what to do. */
export const refuse = refusals({
  fleet_file_too_large: {
    kind: "too_large",
    en: "The file is larger than {limit} MB. Split it and send the parts. Nothing was saved.",
    vi: "Tệp lớn hơn {limit} MB. Hãy chia nhỏ rồi gửi từng phần. Chưa có gì được lưu.",
  },
  fleet_file_empty: {
    kind: "invalid",
    en: "The file has no rows below its header. Nothing was saved.",
    vi: "Tệp không có dòng nào dưới tiêu đề. Chưa có gì được lưu.",
  },
  fleet_columns_missing: {
    kind: "invalid",
    en: "The file of cars lacks these columns: {missing}. Take the template; nothing was saved.",
    vi: "Tệp danh sách xe thiếu các cột: {missing}. Hãy dùng tệp mẫu; chưa có gì được lưu.",
  },
  fleet_row_broken: {
    kind: "invalid",
    en: "This row cannot be told apart into cells: a quotation mark is left open, or it is too long. The other rows were used.",
    vi: "Không tách được dòng này thành các ô: thiếu dấu ngoặc kép đóng hoặc dòng quá dài. Các dòng khác vẫn được dùng.",
  },
  fleet_vin_twice: {
    kind: "invalid",
    en: "Row {row} has this VIN already. The car was taken from there; this row was not used.",
    vi: "Dòng {row} đã có số khung này. Xe được lấy từ dòng đó; dòng này không được dùng.",
  },
  fleet_cars_too_many: {
    kind: "invalid",
    en: "The file has more than {limit} cars. Split it; nothing was saved.",
    vi: "Tệp có hơn {limit} xe. Hãy chia nhỏ; chưa có gì được lưu.",
  },
  fleet_names_no_vehicle: {
    kind: "invalid",
    en: "No column of this file names the car. Add one called vin, plate or vehicle; its columns are: {columns}. Nothing was imported.",
    vi: "Không có cột nào nêu tên xe. Hãy thêm cột vin, biển số hoặc vehicle; các cột hiện có: {columns}. Chưa có gì được nhập.",
  },
  fleet_file_unknown: {
    kind: "not_found",
    en: "There is no such file among yours.",
    vi: "Không có tệp này trong danh sách của bạn.",
  },
  driver_unknown: {
    kind: "not_found",
    en: "There is no such driver or invitation, or it is not yours to see.",
    vi: "Không có tài xế hoặc lời mời này, hoặc bạn không có quyền xem.",
  },
  driver_invited_already: {
    kind: "conflict",
    en: "This person drives this car already. Nothing was changed.",
    vi: "Người này đã là tài xế của xe. Chưa có gì thay đổi.",
  },
  driver_letters_limited: {
    kind: "rate_limited",
    en: "This address was written to often enough, or you have invited many people. Nobody was invited; try again in {minutes} min.",
    vi: "Địa chỉ này đã nhận đủ thư, hoặc bạn đã mời quá nhiều người. Chưa mời ai; hãy thử lại sau {minutes} phút.",
  },
  driver_is_owner: {
    kind: "conflict",
    en: "This is your own address: the car is yours to see anyway. Nobody was invited.",
    vi: "Đây là địa chỉ của chính bạn: bạn đã xem được xe này. Chưa mời ai.",
  },
  driver_too_many: {
    kind: "conflict",
    en: "A car has at most {limit} drivers at a time. Remove one first; nobody was invited.",
    vi: "Mỗi xe có tối đa {limit} tài xế cùng lúc. Hãy gỡ bớt trước; chưa mời ai.",
  },
  driver_invitation_over: {
    kind: "conflict",
    en: "This invitation has lapsed or was taken back. Ask for a new one; nothing was changed.",
    vi: "Lời mời này đã hết hạn hoặc bị thu hồi. Hãy xin lời mời mới; chưa có gì thay đổi.",
  },
  driver_role_other: {
    kind: "forbidden",
    en: "Auditors and operators cannot drive for a fleet: they judge its trips. Nothing was changed.",
    vi: "Thẩm định viên và quản trị viên không thể lái xe cho đội xe vì họ xem xét các chuyến đi. Chưa có gì thay đổi.",
  },
});
