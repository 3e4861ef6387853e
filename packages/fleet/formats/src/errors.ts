import { refusals } from "@evx/kernel";

/** Why a table of rows gives no trips. What is no table at all is refused by `@evx/containers`. */
export const refuse = refusals({
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
  import_of_positions: {
    kind: "invalid",
    en: "This file lists every place a phone has been, by whatever means. Bring its timeline of drives instead: on the phone, Settings, Location, Timeline, Export. Nothing was imported.",
    vi: "Tệp này ghi mọi nơi điện thoại đã đến, bằng bất kỳ phương tiện nào. Hãy dùng dòng thời gian có các chuyến lái xe: trên điện thoại vào Cài đặt, Vị trí, Dòng thời gian, Xuất. Chưa có gì được nhập.",
  },
  import_log_without_day: {
    kind: "invalid",
    en: "This log counts seconds and names no day, so nobody can tell when it was driven. Record again with date and time in each row, or add a column with them. Nothing was imported.",
    vi: "Nhật ký này chỉ đếm giây mà không ghi ngày, nên không biết xe chạy lúc nào. Hãy bật ngày giờ ở mỗi dòng rồi ghi lại, hoặc thêm một cột ngày giờ. Chưa có gì được nhập.",
  },
  import_log_without_drive: {
    kind: "invalid",
    en: "This log has one value in each row, and none is a speed, an odometer or a position: {names}. Record one of them too. Nothing was imported.",
    vi: "Nhật ký này ghi mỗi dòng một giá trị, nhưng không có tốc độ, công-tơ-mét hay vị trí: {names}. Hãy bật thêm một trong các số đo đó. Chưa có gì được nhập.",
  },
  import_distance_counts_up: {
    kind: "invalid",
    en: "The numbers under “{column}” grow from row to row, as an odometer's do, and each would count from zero. Tell us that this column is the odometer; or, if it is the distance of each trip, say that. Nothing was imported.",
    vi: "Các số ở cột “{column}” tăng dần theo từng dòng như công-tơ-mét, nên mỗi dòng sẽ bị tính lại từ đầu. Hãy chọn cột này là công-tơ-mét; nếu đó đúng là quãng đường của từng chuyến thì chọn là quãng đường. Chưa có gì được nhập.",
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
    en: "“{zone}” is not a time zone we know. Enter it like Asia/Ho_Chi_Minh. Nothing was imported.",
    vi: "“{zone}” không phải múi giờ hợp lệ. Hãy viết như Asia/Ho_Chi_Minh. Chưa có gì được nhập.",
  },
});
