import type { Locale } from "@evx/kernel";

/** Why a reviewer refuses a trip: a closed list, so that owners know what to do and figures can be compared. */
export const tripReasons = {
  consumption_implausible: {
    en: "The energy used does not fit the distance.",
    vi: "Điện năng tiêu thụ không phù hợp với quãng đường.",
  },
  speed_implausible: {
    en: "The distance does not fit the time taken.",
    vi: "Quãng đường không phù hợp với thời gian đi.",
  },
  distance_mismatch: {
    en: "The distance does not fit the places or the odometer.",
    vi: "Quãng đường không khớp với vị trí hoặc công-tơ-mét.",
  },
  duplicate_suspected: {
    en: "It looks like the same trip sent twice.",
    vi: "Có vẻ là một chuyến đi được khai hai lần.",
  },
  wrong_vehicle: {
    en: "The trip seems to be another vehicle's.",
    vi: "Chuyến đi có vẻ thuộc về xe khác.",
  },
  evidence_missing: {
    en: "There is nothing that supports it. Add an odometer reading or the car's own export.",
    vi: "Không có bằng chứng. Hãy bổ sung số công-tơ-mét hoặc tệp xuất từ xe.",
  },
  other: { en: "Another reason; see the note.", vi: "Lý do khác; xem ghi chú." },
} as const satisfies Record<string, Record<Locale, string>>;

export type TripReason = keyof typeof tripReasons;

export const tripReasonCodes = Object.keys(tripReasons) as [TripReason, ...TripReason[]];

/** A reason as it came over the wire: one of the codes, or free words, which are kept as the note of `other`. */
export const readTripReason = (text: string): { code: TripReason; note: string | null } =>
  Object.hasOwn(tripReasons, text) ? { code: text as TripReason, note: null } : { code: "other", note: text };

/** What raises a request in the queue, with the sentence that a reviewer reads. */
export const riskSentences = {
  flagged_trips: {
    en: "{flagged} of {trips} trips are flagged.",
    vi: "{flagged} trên {trips} chuyến đi có cảnh báo.",
  },
  hand_entered: {
    en: "{percent}% of the grams come from data entered by hand.",
    vi: "{percent}% lượng gam đến từ dữ liệu nhập tay.",
  },
  export_only: {
    en: "No part of the data comes straight from the car.",
    vi: "Không có dữ liệu nào đến trực tiếp từ xe.",
  },
  methods_apart: {
    en: "The metered method gives {percent}% less.",
    vi: "Phương pháp đo điện năng cho kết quả thấp hơn {percent}%.",
  },
  energy_unknown: {
    en: "Energy is missing on {percent}% of the trips.",
    vi: "Thiếu số liệu điện năng ở {percent}% chuyến đi.",
  },
  odometer_excess: {
    en: "{km} km more are reported than the odometer shows.",
    vi: "Khai nhiều hơn công-tơ-mét {km} km.",
  },
  odometer_falls: {
    en: "Odometer readings that contradict the others: {count}.",
    vi: "Số công-tơ-mét mâu thuẫn với các số khác: {count}.",
  },
  twins: {
    en: "{count} of {trips} trips are recorded for another vehicle too.",
    vi: "{count} trên {trips} chuyến đi cũng được ghi cho một xe khác.",
  },
  order_copied: {
    en: "{percent}% of the trips follow one another exactly as others do at another time or for another vehicle.",
    vi: "{percent}% chuyến đi nối tiếp nhau giống hệt các chuyến ở thời điểm khác hoặc của xe khác.",
  },
  much_driven: {
    en: "{km} km a day on average.",
    vi: "Trung bình {km} km mỗi ngày.",
  },
  large_amount: {
    en: "It is about {credits} credits.",
    vi: "Yêu cầu khoảng {credits} tín chỉ.",
  },
  first_request: {
    en: "It is this owner's first request.",
    vi: "Đây là yêu cầu đầu tiên của chủ xe.",
  },
  rejected_before: {
    en: "Earlier requests of this owner that were rejected: {count}.",
    vi: "Số yêu cầu trước của chủ xe bị từ chối: {count}.",
  },
  refused_before: {
    en: "Trips among them that were refused before: {count}.",
    vi: "Số chuyến từng bị từ chối trong đó: {count}.",
  },
} as const satisfies Record<string, Record<Locale, string>>;

export type RiskCode = keyof typeof riskSentences;

export type RiskReason = { code: RiskCode; points: number; values: Record<string, string | number> };

/** A reason's sentence with its figures. */
export const riskSentence = ({ code, values }: Pick<RiskReason, "code" | "values">, locale: Locale): string =>
  riskSentences[code][locale].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

/** Kinds of flags in a few words, for a count; each trip's own sentence has the figures. */
export const flagNames: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  speed_high: { en: "High average speed", vi: "Tốc độ trung bình cao" },
  distance_above_direct: {
    en: "Far longer than the way between its ends",
    vi: "Dài hơn nhiều so với khoảng cách hai đầu",
  },
  energy_low: { en: "Little energy for the distance", vi: "Ít điện năng so với quãng đường" },
  energy_high: { en: "Much energy for the distance", vi: "Nhiều điện năng so với quãng đường" },
  energy_above_battery: {
    en: "More energy than the battery holds",
    vi: "Nhiều điện năng hơn dung lượng pin",
  },
  energy_not_measured: { en: "Energy given as zero", vi: "Điện năng ghi bằng không" },
  day_too_long: { en: "Very much driven on one day", vi: "Đi rất nhiều trong một ngày" },
  overlap_trimmed: { en: "Cut where it overlapped another trip", vi: "Đã cắt phần trùng với chuyến khác" },
  track_disagrees: { en: "Positions and distance disagree", vi: "Vị trí và quãng đường không khớp" },
  odometer_disagrees: { en: "Odometer and distance disagree", vi: "Công-tơ-mét và quãng đường không khớp" },
};

/** The reason that a flag speaks for: what a reviewer is shown first, and never what is chosen for them. */
const reasonOfFlag: Readonly<Record<string, TripReason>> = {
  speed_high: "speed_implausible",
  day_too_long: "speed_implausible",
  distance_above_direct: "distance_mismatch",
  track_disagrees: "distance_mismatch",
  odometer_disagrees: "distance_mismatch",
  energy_low: "consumption_implausible",
  energy_high: "consumption_implausible",
  energy_above_battery: "consumption_implausible",
  energy_not_measured: "consumption_implausible",
  overlap_trimmed: "duplicate_suspected",
};

/** Reasons that the flags of some trips speak for, each once, the one of most flags first; empty without flags. */
export const fittingReasons = (flagCodes: readonly string[]): TripReason[] => {
  const counts = new Map<TripReason, number>();
  for (const code of flagCodes) {
    const reason = Object.hasOwn(reasonOfFlag, code) ? reasonOfFlag[code] : undefined;
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
};
