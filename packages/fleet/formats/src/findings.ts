import type { Locale } from "@evx/kernel";

/** What a flag or a rejection shows besides its sentence. */
export type Finding = { code: string; values: Record<string, number | string> };

type Sentences = Record<string, { en: string; vi: string }>;

/** Flags: the trip is imported, and the auditor sees why it deserves a look. */
const flags = {
  speed_high: {
    en: "Average speed {kmh} km/h is above {limit} km/h.",
    vi: "Tốc độ trung bình {kmh} km/h cao hơn {limit} km/h.",
  },
  distance_above_direct: {
    en: "{km} km driven between points {directKm} km apart.",
    vi: "Đi {km} km giữa hai điểm cách nhau {directKm} km.",
  },
  energy_low: {
    en: "{kwhPer100Km} kWh/100 km is below the usual {limit}.",
    vi: "{kwhPer100Km} kWh/100 km thấp hơn mức thường gặp {limit}.",
  },
  energy_high: {
    en: "{kwhPer100Km} kWh/100 km is above the usual {limit}.",
    vi: "{kwhPer100Km} kWh/100 km cao hơn mức thường gặp {limit}.",
  },
  energy_above_battery: {
    en: "{kwh} kWh is more than the {batteryKwh} kWh battery holds.",
    vi: "{kwh} kWh nhiều hơn dung lượng pin {batteryKwh} kWh.",
  },
  energy_not_measured: {
    en: "The file says 0 kWh, which is taken as not measured.",
    vi: "Tệp ghi 0 kWh, được hiểu là không đo.",
  },
  day_too_long: {
    en: "{km} km on one day is more than {limit} km.",
    vi: "{km} km trong một ngày vượt quá {limit} km.",
  },
  overlap_trimmed: {
    en: "It overlapped its neighbour by {seconds} s, which were cut off.",
    vi: "Trùng {seconds} giây với chuyến liền kề; phần trùng đã được cắt.",
  },
  energy_contradicts: {
    en: "The file says {kwh} kWh, its own consumption of the trip means {statedKwh} kWh.",
    vi: "Tệp ghi {kwh} kWh, nhưng mức tiêu thụ nó ghi cho chuyến đi là {statedKwh} kWh.",
  },
  clock_went_back: {
    en: "Clocks went back that hour, so the time could be meant twice; the earlier one was taken.",
    vi: "Đồng hồ lùi giờ lúc đó nên thời điểm có thể hiểu hai cách; đã lấy thời điểm sớm hơn.",
  },
  day_told: {
    en: "The log names no day; the owner told it.",
    vi: "Nhật ký không ghi ngày; ngày này do chủ xe khai.",
  },
  track_disagrees: {
    en: "The positions give {trackKm} km, the speed or odometer {km} km.",
    vi: "Các vị trí cho {trackKm} km, còn tốc độ hoặc công-tơ-mét cho {km} km.",
  },
  odometer_disagrees: {
    en: "The odometer moved {odometerKm} km, the trip says {km} km.",
    vi: "Công-tơ-mét tăng {odometerKm} km, còn chuyến đi ghi {km} km.",
  },
} satisfies Sentences;

/** Notes: what is so in the whole file, said once. */
const notes = {
  rows_standing: {
    en: "{rows} rows show a standing car and belong to no drive.",
    vi: "{rows} dòng cho thấy xe đứng yên, không thuộc chuyến đi nào.",
  },
  rows_blank: { en: "{rows} rows are empty.", vi: "{rows} dòng trống." },
  rows_header: {
    en: "{rows} rows repeat a header.",
    vi: "{rows} dòng lặp lại tiêu đề cột.",
  },
  rows_unmeasured: {
    en: "{rows} rows have a time and no measured value.",
    vi: "{rows} dòng có thời gian nhưng không có giá trị đo.",
  },
  rows_not_driven: {
    en: "{rows} rows tell of a way that was not driven.",
    vi: "{rows} dòng ghi quãng đường không phải do xe chạy.",
  },
  phone_not_car: {
    en: "A phone wrote this file: it knows when you were driven and not in which car. Take out what was another car's; the auditor will ask.",
    vi: "Tệp này do điện thoại ghi: biết lúc nào bạn đi xe nhưng không biết xe nào. Hãy bỏ các chuyến đi bằng xe khác; thẩm định viên sẽ hỏi.",
  },
  energy_never_measured: {
    en: "The file writes 0 kWh for {rows} of its {given} rows, which is taken as not measured.",
    vi: "Tệp ghi 0 kWh ở {rows} trên {given} dòng, được hiểu là không đo.",
  },
} satisfies Sentences;

/** What a VIN is worth mentioning for; the vehicle is registered. */
const warnings = {
  vin_malformed: {
    en: "A VIN has 17 letters and digits, without I, O and Q.",
    vi: "Số VIN gồm 17 chữ cái và chữ số, không có I, O và Q.",
  },
  vin_check_digit: {
    en: "The ninth character should be {expected}, so one character is mistyped.",
    vi: "Ký tự thứ chín phải là {expected}, nên có ký tự bị gõ sai.",
  },
  vin_check_digit_unusual: {
    en: "The ninth character would be {expected} if this maker used a check digit. Many outside North America and China do not.",
    vi: "Ký tự thứ chín sẽ là {expected} nếu hãng dùng số kiểm tra. Nhiều hãng ngoài Bắc Mỹ và Trung Quốc không dùng.",
  },
  vin_maker_differs: {
    en: "The VIN names {maker}; you wrote {make}.",
    vi: "Số VIN chỉ ra hãng {maker}; bạn đã ghi {make}.",
  },
} satisfies Sentences;

/** Reasons: the row is kept in the quarantine report and nothing of it counts. */
const reasons = {
  other_table: {
    en: "It stands under other headers ({columns}) than the first table's. Import that table as a file of its own if it lists trips.",
    vi: "Dòng này nằm dưới tiêu đề khác ({columns}) so với bảng đầu tiên. Nếu bảng đó ghi chuyến đi, hãy nhập nó thành tệp riêng.",
  },
  start_missing: { en: "There is no start time.", vi: "Thiếu thời điểm bắt đầu." },
  start_unreadable: { en: "“{text}” is not a time we can read.", vi: "Không đọc được thời điểm “{text}”." },
  end_missing: { en: "There is no end time.", vi: "Thiếu thời điểm kết thúc." },
  end_unreadable: { en: "“{text}” is not a time we can read.", vi: "Không đọc được thời điểm “{text}”." },
  end_before_start: { en: "The trip ends before it starts.", vi: "Chuyến đi kết thúc trước khi bắt đầu." },
  trip_without_duration: { en: "The trip ends when it starts.", vi: "Chuyến đi kết thúc ngay lúc bắt đầu." },
  trip_too_long: {
    en: "The trip lasts {days} days; {limit} is the most.",
    vi: "Chuyến đi kéo dài {days} ngày; tối đa {limit} ngày.",
  },
  in_future: { en: "The trip lies in the future.", vi: "Chuyến đi ở trong tương lai." },
  too_old: { en: "The trip is dated before the year {year}.", vi: "Chuyến đi ghi ngày trước năm {year}." },
  distance_missing: { en: "There is no distance.", vi: "Thiếu quãng đường." },
  distance_unreadable: { en: "“{text}” is not a distance.", vi: "“{text}” không phải là quãng đường." },
  distance_negative: { en: "The distance is negative.", vi: "Quãng đường là số âm." },
  distance_zero: {
    en: "The distance is zero, so nothing was driven.",
    vi: "Quãng đường bằng không, xe không di chuyển.",
  },
  distance_too_long: {
    en: "{km} km is more than one trip can be.",
    vi: "{km} km vượt quá một chuyến đi có thể có.",
  },
  distance_below_direct: {
    en: "{km} km is less than the {directKm} km straight line between its ends.",
    vi: "{km} km ngắn hơn đường thẳng {directKm} km giữa hai đầu chuyến đi.",
  },
  speed_impossible: { en: "It would need {kmh} km/h on average.", vi: "Cần tốc độ trung bình {kmh} km/h." },
  energy_unreadable: {
    en: "“{text}” is not an amount of energy.",
    vi: "“{text}” không phải là lượng điện năng.",
  },
  zone_unknown: {
    en: "“{text}” is not a time zone we know; write it like Asia/Ho_Chi_Minh or UTC+7.",
    vi: "“{text}” không phải múi giờ hợp lệ; hãy viết như Asia/Ho_Chi_Minh hoặc UTC+7.",
  },
  energy_negative: { en: "The energy is negative.", vi: "Điện năng là số âm." },
  energy_impossibly_low: {
    en: "{kwhPer100Km} kWh/100 km is below the {limit} that any such vehicle needs.",
    vi: "{kwhPer100Km} kWh/100 km thấp hơn mức {limit} mà loại xe này cần.",
  },
  energy_impossibly_high: {
    en: "{kwhPer100Km} kWh/100 km is above the {limit} that any such vehicle uses.",
    vi: "{kwhPer100Km} kWh/100 km cao hơn mức {limit} mà loại xe này có thể dùng.",
  },
  position_unreadable: { en: "“{text}” is not a position.", vi: "“{text}” không phải là vị trí." },
  columns_missing: {
    en: "The row has {found} of {expected} columns.",
    vi: "Dòng có {found} trên {expected} cột.",
  },
  row_too_long: { en: "The row is longer than {limit} characters.", vi: "Dòng dài hơn {limit} ký tự." },
  quote_not_closed: { en: "A quotation mark opens and never closes.", vi: "Dấu ngoặc kép mở mà không đóng." },
  json_unreadable: { en: "This is not readable JSON.", vi: "JSON này không đọc được." },
  not_an_object: { en: "A trip must be an object.", vi: "Một chuyến đi phải là một đối tượng." },
  too_short: { en: "The drive lasted under 60 seconds.", vi: "Chuyến đi ngắn hơn 60 giây." },
  samples_too_few: {
    en: "There are too few readings to make a trip of.",
    vi: "Quá ít bản ghi để dựng một chuyến đi.",
  },
  overlaps_trip: {
    en: "It overlaps a trip that is already recorded ({start}).",
    vi: "Trùng thời gian với chuyến đi đã ghi ({start}).",
  },
  day_recorded: {
    en: "That day is already recorded as a whole, so its trips would count twice.",
    vi: "Ngày đó đã được ghi trọn ngày, nên các chuyến đi sẽ bị tính hai lần.",
  },
  day_has_trips: {
    en: "That day has trips of its own already, so the day's total would count twice.",
    vi: "Ngày đó đã có từng chuyến đi, nên tổng của ngày sẽ bị tính hai lần.",
  },
  outside_ownership: {
    en: "The car was not yours then: yours are trips from {from} to {to}.",
    vi: "Khi đó xe không thuộc về bạn: bạn sở hữu từ {from} đến {to}.",
  },
  reading_out_of_order: {
    en: "This reading is older than the one before it.",
    vi: "Bản ghi này cũ hơn bản ghi trước nó.",
  },
  summary_row: {
    en: "This row sums up others and is no trip.",
    vi: "Dòng này tổng hợp các dòng khác, không phải chuyến đi.",
  },
  unit_unknown: {
    en: "“{text}” has a unit that we do not know; km, mi, m, kWh and Wh are read.",
    vi: "“{text}” có đơn vị không nhận ra; đọc được km, mi, m, kWh và Wh.",
  },
  other_vehicle: {
    en: "The row is about another vehicle: {vehicle}.",
    vi: "Dòng này thuộc xe khác: {vehicle}.",
  },
  not_driven: {
    en: "“{text}” is no drive of this car.",
    vi: "“{text}” không phải là chuyến đi của xe này.",
  },
  reading_superseded: {
    en: "A later reading of the same day replaces this one.",
    vi: "Một bản ghi muộn hơn trong ngày đã thay thế bản ghi này.",
  },
} satisfies Sentences;

const all: Sentences = { ...flags, ...notes, ...warnings, ...reasons };

/** All codes with their sentences, for documentation and tests. */
export const findingSentences: Readonly<Sentences> = all;

const numbers = {
  en: new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 }),
  vi: new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 3 }),
} as const satisfies Record<Locale, Intl.NumberFormat>;

/** The sentence of a flag or a reason in a language, with its numbers filled in as that language writes them. */
export const findingSentence = (finding: Finding, locale: Locale): string =>
  (all[finding.code]?.[locale] ?? finding.code).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = finding.values[name] ?? "";
    return typeof value === "number" ? numbers[locale].format(value) : value;
  });
