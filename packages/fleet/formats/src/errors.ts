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
    en: "This log shows hours or counts seconds and names no day. Tell us on which day it begins (logBegan, like 2026-03-04; with the hour where it counts from zero: 2026-03-04T08:05). Its trips will say that the day is your word. Nothing was imported.",
    vi: "Nhật ký này chỉ có giờ hoặc đếm giây mà không ghi ngày. Hãy cho biết nó bắt đầu ngày nào (logBegan, ví dụ 2026-03-04; nếu đếm từ 0 thì thêm giờ: 2026-03-04T08:05). Các chuyến đi sẽ ghi rõ ngày là do bạn khai. Chưa có gì được nhập.",
  },
  import_log_without_hour: {
    kind: "invalid",
    en: "This log counts from zero, so the day alone does not tell when it was driven. Add the hour at which it begins, like 2026-03-04T08:05. Nothing was imported.",
    vi: "Nhật ký này đếm từ 0 nên chỉ có ngày thì chưa biết xe chạy lúc nào. Hãy thêm giờ bắt đầu, ví dụ 2026-03-04T08:05. Chưa có gì được nhập.",
  },
  import_began_unknown: {
    kind: "invalid",
    en: "“{text}” is not a day on which a log could begin. Write it like 2026-03-04, or 2026-03-04T08:05 with the hour. Nothing was imported.",
    vi: "“{text}” không phải ngày bắt đầu hợp lệ của nhật ký. Hãy viết như 2026-03-04, hoặc 2026-03-04T08:05 nếu có giờ. Chưa có gì được nhập.",
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
