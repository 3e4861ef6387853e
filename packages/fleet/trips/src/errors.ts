import { refusals } from "@evx/kernel";

/** What this room refuses, with what was kept and what to do. */
export const refuse = refusals({
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
});
