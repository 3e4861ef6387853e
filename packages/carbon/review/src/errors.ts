import { refusals } from "@evx/kernel";

/** Refusals of requests and their review. */
export const refuse = refusals({
  request_not_found: {
    kind: "not_found",
    en: "There is no such request, or it is not yours to see.",
    vi: "Không có yêu cầu này, hoặc bạn không có quyền xem.",
  },
  request_period_backwards: {
    kind: "invalid",
    en: "The period ends before it starts. Nothing was requested; swap the two dates.",
    vi: "Khoảng thời gian kết thúc trước khi bắt đầu. Chưa gửi yêu cầu nào; hãy đổi lại hai ngày.",
  },
  request_without_savings: {
    kind: "conflict",
    en: "These {trips} trips avoided less than one gram of CO2. Nothing was requested and the trips stay free.",
    vi: "{trips} chuyến đi này giảm được chưa đến một gam CO2. Chưa gửi yêu cầu nào; bạn vẫn có thể yêu cầu các chuyến đi này sau.",
  },
  request_taken: {
    kind: "conflict",
    en: "Another auditor is working on this request. Nothing was changed; take another one from the queue.",
    vi: "Một thẩm định viên khác đang xử lý yêu cầu này. Chưa có gì thay đổi; hãy chọn yêu cầu khác.",
  },
  request_not_claimed: {
    kind: "conflict",
    en: "You are not reviewing this request. Take it up first; nothing was changed.",
    vi: "Bạn không đang thẩm định yêu cầu này. Hãy nhận yêu cầu trước; chưa có gì thay đổi.",
  },
  request_decided: {
    kind: "conflict",
    en: "This request was already decided. The decision stands and nothing was changed.",
    vi: "Yêu cầu này đã có quyết định. Quyết định được giữ nguyên và chưa có gì thay đổi.",
  },
  request_wrong_state: {
    kind: "conflict",
    en: "The request is at another stage, where this cannot be done. Nothing was changed; look at it again.",
    vi: "Yêu cầu đang ở giai đoạn khác nên không thể làm việc này. Chưa có gì thay đổi; hãy xem lại yêu cầu.",
  },
  request_interest_own_request: {
    kind: "forbidden",
    en: "This is your own request, so another auditor must judge it. Nothing was changed.",
    vi: "Đây là yêu cầu của chính bạn nên thẩm định viên khác phải xem xét. Chưa có gì thay đổi.",
  },
  request_interest_own_vehicle: {
    kind: "forbidden",
    en: "This vehicle is or was yours, so another auditor must judge the request. Nothing was changed.",
    vi: "Xe này là hoặc từng là của bạn nên thẩm định viên khác phải xem xét yêu cầu. Chưa có gì thay đổi.",
  },
  request_interest_same_person: {
    kind: "forbidden",
    en: "An account with your identity document, bank account or card asked for these credits or had this vehicle, so another auditor must judge the request. Nothing was changed.",
    vi: "Một tài khoản dùng chung giấy tờ tùy thân, tài khoản ngân hàng hoặc thẻ với bạn đã gửi yêu cầu này hoặc từng có xe này nên thẩm định viên khác phải xem xét. Chưa có gì thay đổi.",
  },
  request_interest_declared: {
    kind: "forbidden",
    en: "You have a declared interest in this owner or vehicle, so another auditor must judge the request. Nothing was changed.",
    vi: "Bạn đã khai báo lợi ích liên quan đến chủ xe hoặc xe này nên thẩm định viên khác phải xem xét. Chưa có gì thay đổi.",
  },
  request_interest_traded: {
    kind: "forbidden",
    en: "You hold credits that came from this owner, so another auditor must judge the request. Nothing was changed.",
    vi: "Bạn đang giữ tín chỉ có nguồn gốc từ chủ xe này nên thẩm định viên khác phải xem xét. Chưa có gì thay đổi.",
  },
  request_second_reviewer_needed: {
    kind: "conflict",
    en: "You approved this request already, and a second auditor must approve as well: above {credits} credits for a request, for a car or from one auditor to one owner within twelve months, however many accounts they use, and where trips exceed the odometer or another vehicle's are the same.",
    vi: "Bạn đã phê duyệt yêu cầu này và cần thêm một thẩm định viên khác phê duyệt: khi vượt {credits} tín chỉ cho một yêu cầu, cho một xe hoặc từ một thẩm định viên cho một chủ xe (tính gộp mọi tài khoản của họ) trong mười hai tháng, và khi chuyến đi vượt công-tơ-mét hoặc trùng với xe khác.",
  },
  request_twin_reason_needed: {
    kind: "conflict",
    en: "Trips of this request are recorded for another vehicle or at another time too. Say in the notes why these are genuine; nothing was approved.",
    vi: "Chuyến đi của yêu cầu này cũng được ghi cho xe khác hoặc ở thời điểm khác. Vui lòng nhập lý do vì sao chúng là thật; chưa phê duyệt gì.",
  },
  request_vehicle_unknown: {
    kind: "not_found",
    en: "One of these vehicles is not yours. Nothing was requested.",
    vi: "Có xe không thuộc về bạn. Chưa gửi yêu cầu nào.",
  },
  request_fleet_nothing: {
    kind: "conflict",
    en: "None of your cars has trips that are free to request. Nothing was requested; import their trips first.",
    vi: "Không xe nào có chuyến đi còn có thể yêu cầu. Chưa gửi yêu cầu nào; hãy nhập chuyến đi trước.",
  },
  submission_not_found: {
    kind: "not_found",
    en: "There is no such submission among yours.",
    vi: "Không có lần gửi này trong danh sách của bạn.",
  },
  request_reading_in_future: {
    kind: "invalid",
    en: "The odometer cannot have been read in the future. Nothing was noted; write the day on which it was seen.",
    vi: "Không thể đọc công-tơ-mét trong tương lai. Chưa ghi gì; vui lòng nhập ngày đã nhìn thấy số đó.",
  },
  request_all_trips_refused: {
    kind: "conflict",
    en: "You refused every trip of this request, so nothing is left to approve. Reject the request instead.",
    vi: "Bạn đã từ chối mọi chuyến đi của yêu cầu này nên không còn gì để phê duyệt. Hãy từ chối yêu cầu.",
  },
  request_trip_unknown: {
    kind: "invalid",
    en: "{tripId} is not a trip of this request. Nothing was changed.",
    vi: "{tripId} không phải là chuyến đi của yêu cầu này. Chưa có gì thay đổi.",
  },
  request_not_reproduced: {
    kind: "conflict",
    en: "Computed again from its frozen inputs, this request gives {found} g instead of {expected} g. It cannot be approved; an operator was told.",
    vi: "Tính lại từ dữ liệu đã cố định, yêu cầu này cho {found} g thay vì {expected} g. Không thể phê duyệt; quản trị viên đã được báo.",
  },
  request_nothing_to_resubmit: {
    kind: "conflict",
    en: "No trip of this request can be sent again: none was refused, or they were sent again already.",
    vi: "Không có chuyến đi nào của yêu cầu này có thể gửi lại: không có chuyến bị từ chối, hoặc đã được gửi lại.",
  },
  reviewer_unknown: {
    kind: "not_found",
    en: "There is no such auditor or person. Nothing was declared.",
    vi: "Không có thẩm định viên hoặc người này. Chưa khai báo gì.",
  },
  proof_not_available: {
    kind: "not_found",
    en: "There is no proof for this trip: it is not in an issued batch of yours.",
    vi: "Không có bằng chứng cho chuyến đi này: chuyến đi không nằm trong lô đã cấp của bạn.",
  },
  proof_trip_changed: {
    kind: "conflict",
    en: "This trip is no longer as it was when its batch was issued, so no proof can be made. An operator was told.",
    vi: "Chuyến đi này không còn như khi lô được cấp nên không thể tạo bằng chứng. Quản trị viên đã được báo.",
  },
  request_owner_suspended: {
    kind: "forbidden",
    en: "This account was suspended while the request waited. Its trips are free; ask again when the account is open.",
    vi: "Tài khoản bị tạm khóa khi yêu cầu đang chờ. Các chuyến đi vẫn còn; hãy gửi lại khi tài khoản được mở.",
  },
});
