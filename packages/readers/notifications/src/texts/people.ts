import type { Template } from "./template.ts";

/** What is told of accounts, vehicles, credits and reviews. Placeholders are explained in `../texts.ts`. */
export const peopleTexts = {
  welcome: {
    topic: null,
    link: "/{area}",
    en: [
      "Welcome to EV Carbon Exchange",
      "Your account is ready. Every gram here is counted once, and anyone can check it.",
    ],
    vi: [
      "Chào mừng đến với EV Carbon Exchange",
      "Tài khoản của bạn đã sẵn sàng. Mỗi gam ở đây chỉ được tính một lần và ai cũng kiểm tra được.",
    ],
  },
  digest: {
    topic: null,
    link: "/notifications",
    en: ["{count} things happened", "Your summary of what happened since the last one."],
    vi: ["Có {count} việc mới", "Tóm tắt những việc đã xảy ra kể từ lần trước."],
  },
  address_bounced: {
    topic: null,
    link: "/notifications",
    en: [
      "Your email address takes no mail",
      "A mail to {email} was refused, so no more are sent there. Correct the address under Account, or have mails sent again under Notifications.",
    ],
    vi: [
      "Địa chỉ email của bạn không nhận được thư",
      "Một thư gửi đến {email} đã bị từ chối nên chúng tôi ngừng gửi. Hãy sửa địa chỉ trong phần Tài khoản, hoặc bật gửi lại trong phần Thông báo.",
    ],
  },
  phone_added: {
    topic: null,
    link: "/account",
    en: [
      "SMS about your account go to {number}",
      "The number was confirmed just now and stays when sessions end. If this was not you, remove it under Account and change your password.",
    ],
    vi: [
      "SMS về tài khoản của bạn sẽ gửi đến {number}",
      "Số này vừa được xác nhận và vẫn nhận tin sau khi phiên đăng nhập kết thúc. Nếu không phải bạn, hãy gỡ số trong mục Tài khoản và đổi mật khẩu.",
    ],
  },
  car_token_made: {
    topic: null,
    link: "/account",
    en: [
      "A device may send trips of {car}",
      "A token named “{label}” was made for it and works until it is revoked, also when you are signed out. If this was not you, revoke it under Account and change your password.",
    ],
    vi: [
      "Một thiết bị được phép gửi chuyến đi của {car}",
      "Mã gửi tên “{label}” vừa được tạo và có hiệu lực đến khi bị thu hồi, kể cả khi bạn đã đăng xuất. Nếu không phải bạn, hãy thu hồi mã trong mục Tài khoản và đổi mật khẩu.",
    ],
  },
  car_handed_over: {
    topic: null,
    link: "/owner/vehicles",
    en: [
      "{car} was handed over",
      "Your time with the car has ended here; whoever has it now may register it. If this was not you, change your password and tell us at once.",
    ],
    vi: [
      "{car} đã được bàn giao",
      "Thời gian bạn sở hữu xe trên sàn đã kết thúc; chủ mới có thể đăng ký xe. Nếu không phải bạn, hãy đổi mật khẩu và báo cho chúng tôi ngay.",
    ],
  },
  credits_given: {
    topic: null,
    link: "/{area}/wallet",
    en: [
      "You gave {grams:credits} credits away",
      "They are in another person's wallet and cannot be taken back. If this was not you, change your password and tell us at once.",
    ],
    vi: [
      "Bạn đã tặng {grams:credits} tín chỉ",
      "Số tín chỉ này đã ở ví của người khác và không thể lấy lại. Nếu không phải bạn, hãy đổi mật khẩu và báo cho chúng tôi ngay.",
    ],
  },
  car_connected: {
    topic: null,
    link: "/account",
    en: [
      "{car} is read through its maker's service",
      "It goes on until it is ended, also when you are signed out. If this was not you, end it under Account and change your password.",
    ],
    vi: [
      "{car} được đọc qua dịch vụ của hãng",
      "Việc này tiếp tục đến khi được dừng, kể cả khi bạn đã đăng xuất. Nếu không phải bạn, hãy dừng trong mục Tài khoản và đổi mật khẩu.",
    ],
  },
  push_ready: {
    topic: null,
    link: "/notifications",
    en: [
      "Pushes reach this browser",
      "From now on you hear here of what you chose, also while the site is closed.",
    ],
    vi: [
      "Trình duyệt này đã nhận thông báo đẩy",
      "Từ nay bạn nhận tin tại đây về những mục đã chọn, kể cả khi trang đang đóng.",
    ],
  },
  accredited: {
    topic: null,
    link: "/cva",
    en: ["You are accredited", "You may now review issuance requests."],
    vi: ["Bạn đã được công nhận", "Từ nay bạn có thể thẩm định các yêu cầu phát hành."],
  },
  request_approved: {
    topic: "credits",
    link: "/{area}/wallet",
    en: [
      "Your credits were issued",
      "The auditor approved your request. {grams:credits} credits are in your wallet and can be sold.",
    ],
    vi: [
      "Tín chỉ của bạn đã được phát hành",
      "Thẩm định viên đã duyệt yêu cầu. {grams:credits} tín chỉ đã vào ví và có thể bán.",
    ],
  },
  request_rejected: {
    topic: "credits",
    link: "/owner/requests/{requestId}",
    en: [
      "Your issuance request was not approved",
      "The auditor's reason: {reason}. Your trips are kept; correct what is named and ask again.",
    ],
    vi: [
      "Yêu cầu phát hành chưa được duyệt",
      "Lý do của thẩm định viên: {reason}. Các chuyến đi vẫn được giữ; hãy sửa phần được nêu rồi gửi lại.",
    ],
  },
  request_needs_info: {
    topic: "credits",
    link: "/owner/requests/{requestId}",
    en: ["The auditor has a question", "{reason} Answer it on the request's page; the review goes on then."],
    vi: [
      "Thẩm định viên có câu hỏi",
      "{reason} Hãy trả lời trên trang yêu cầu; việc thẩm định sẽ tiếp tục sau đó.",
    ],
  },
  credits_received: {
    topic: "credits",
    link: "/{area}/wallet",
    en: ["You received credits", "{grams:credits} credits were transferred to your wallet."],
    vi: ["Bạn đã nhận tín chỉ", "{grams:credits} tín chỉ đã được chuyển vào ví của bạn."],
  },
  identity_verified: {
    topic: null,
    link: "/{area}",
    en: [
      "Your identity is verified",
      "Your documents were accepted. What needed a verified identity is open to you now.",
    ],
    vi: [
      "Danh tính của bạn đã được xác minh",
      "Giấy tờ của bạn đã được chấp nhận. Những việc cần xác minh danh tính nay đã mở cho bạn.",
    ],
  },
  identity_rejected: {
    topic: null,
    link: "/account",
    en: [
      "Your identity could not be verified",
      "The reviewer's reason: {reason}. Correct what is named and hand your documents in again.",
    ],
    vi: [
      "Chưa xác minh được danh tính của bạn",
      "Lý do của người duyệt: {reason}. Hãy sửa phần được nêu rồi nộp lại giấy tờ.",
    ],
  },
  question_answered: {
    topic: null,
    link: "/cva/requests/{requestId}",
    en: [
      "Your question was answered",
      "The owner answered what you asked about their issuance request. The review can go on.",
    ],
    vi: [
      "Câu hỏi của bạn đã được trả lời",
      "Chủ xe đã trả lời câu hỏi của bạn về yêu cầu phát hành. Việc thẩm định có thể tiếp tục.",
    ],
  },
  credits_revoked: {
    topic: "credits",
    link: "/{area}/wallet",
    en: [
      "A batch of which you have credits was revoked",
      "{grams:credits} of your credits are of a batch that should not have been issued. What you bought stays yours and can be retired, but not passed on; the public registry shows what still has to be made up for.",
    ],
    vi: [
      "Một lô tín chỉ bạn đang giữ đã bị thu hồi",
      "{grams:credits} tín chỉ của bạn thuộc một lô lẽ ra không được phát hành. Phần bạn đã mua vẫn là của bạn và có thể xóa sổ, nhưng không thể chuyển tiếp; sổ đăng ký công khai cho biết phần còn phải bù.",
    ],
  },
  credits_made_up: {
    topic: "credits",
    link: "/registry/batches/{number}",
    en: [
      "Your credits of a revoked batch are made up for",
      "The operator had {grams:credits} other credits cancelled for batch {number}, and nothing is owed for it any more. Your credits stay yours; the public registry shows it.",
    ],
    vi: [
      "Tín chỉ thuộc lô bị thu hồi của bạn đã được bù đủ",
      "Đơn vị vận hành đã hủy {grams:credits} tín chỉ khác để bù cho lô {number}; lô này không còn thiếu. Tín chỉ của bạn vẫn là của bạn; sổ đăng ký công khai ghi rõ điều này.",
    ],
  },
  credits_made_up_in_part: {
    topic: "credits",
    link: "/registry/batches/{number}",
    en: [
      "A part of a revoked batch is made up for",
      "The operator had {grams:credits} other credits cancelled for batch {number}, of which you have credits. {left:credits} are still owed; the public registry shows it.",
    ],
    vi: [
      "Một phần của lô bị thu hồi đã được bù",
      "Đơn vị vận hành đã hủy {grams:credits} tín chỉ khác để bù cho lô {number} mà bạn đang giữ tín chỉ. Còn thiếu {left:credits}; sổ đăng ký công khai ghi rõ điều này.",
    ],
  },
  certificate_issued: {
    topic: "certificates",
    link: "/certificates/{certificateNumber}",
    en: [
      "A certificate is ready",
      "Certificate {certificateNumber} can be read, downloaded and checked by anyone.",
    ],
    vi: ["Chứng nhận đã sẵn sàng", "Ai cũng có thể xem, tải và kiểm tra chứng nhận {certificateNumber}."],
  },
  certificate_revoked: {
    topic: null,
    link: "/certificates/{certificateNumber}",
    en: [
      "A certificate was revoked",
      "Certificate {certificateNumber} is no longer valid. The auditor's reason: {reason}.",
    ],
    vi: [
      "Một chứng nhận đã bị thu hồi",
      "Chứng nhận {certificateNumber} không còn hiệu lực. Lý do của thẩm định viên: {reason}.",
    ],
  },
  recompute_failed: {
    topic: null,
    link: "/cva/requests/{requestId}",
    en: [
      "A batch does not come out as it was issued",
      "Computed again from its frozen trips and factors it gives {found:credits} credits instead of {grams:credits}, or its trips are not those of its Merkle root. Nothing was changed; look into it before more of it is sold.",
    ],
    vi: [
      "Một lô tín chỉ tính lại không khớp",
      "Tính lại từ các chuyến đi và hệ số đã đóng băng cho ra {found:credits} tín chỉ thay vì {grams:credits}, hoặc các chuyến đi không khớp gốc Merkle. Chưa có gì bị thay đổi; hãy kiểm tra trước khi bán thêm.",
    ],
  },
  driver_invited: {
    topic: null,
    link: "/driving",
    en: [
      "You are asked to drive {car}",
      "{name} wants you to see the trips of {car} while you drive it. Accept or decline under Driving.",
    ],
    vi: [
      "Bạn được mời làm tài xế xe {car}",
      "{name} muốn bạn xem các chuyến đi của xe {car} trong thời gian bạn lái. Hãy chấp nhận hoặc từ chối ở mục Lái xe.",
    ],
  },
  driver_joined: {
    topic: null,
    link: "/owner/fleet",
    en: [
      "A driver accepted",
      "The driver whom you invited to {car} accepted and sees its trips from now on.",
    ],
    vi: [
      "Tài xế đã chấp nhận",
      "Tài xế bạn mời cho xe {car} đã chấp nhận và từ nay xem được các chuyến đi của xe.",
    ],
  },
  driver_removed: {
    topic: null,
    link: "/driving",
    en: ["You no longer drive {car}", "The fleet ended your time with {car}. You no longer see its trips."],
    vi: [
      "Bạn không còn lái xe {car}",
      "Đội xe đã kết thúc việc bạn lái xe {car}. Bạn không còn xem được các chuyến đi của xe.",
    ],
  },
  driver_left: {
    topic: null,
    link: "/owner/fleet",
    en: [
      "A driver left {car}",
      "The driver of {car} left or declined your invitation. Invite somebody else when you are ready.",
    ],
    vi: [
      "Tài xế đã rời xe {car}",
      "Tài xế xe {car} đã rời đi hoặc từ chối lời mời. Hãy mời người khác khi bạn sẵn sàng.",
    ],
  },
  submission_done: {
    topic: "credits",
    link: "/owner/submissions/{submissionId}",
    en: [
      "Your requests are with the auditors",
      "Requests made: {requests}. Not possible: {refused}; the page says why, car by car.",
    ],
    vi: [
      "Các yêu cầu của bạn đã đến thẩm định viên",
      "Số yêu cầu đã gửi: {requests}. Không gửi được: {refused}; trang này nêu lý do theo từng xe.",
    ],
  },
  kickback_gift: {
    topic: null,
    link: "/cva/requests/{requestId}",
    en: [
      "Credits reached an auditor who approved them",
      "An auditor holds credits that were issued to an owner whose requests they approved. Look into the request and the transfer.",
    ],
    vi: [
      "Tín chỉ đã đến tay thẩm định viên đã phê duyệt",
      "Một thẩm định viên đang giữ tín chỉ từng phát hành cho chủ xe mà họ đã phê duyệt. Hãy xem lại yêu cầu và giao dịch chuyển.",
    ],
  },
  kickback_sale: {
    topic: null,
    link: "/cva/requests/{requestId}",
    en: [
      "An auditor and an owner traded at an odd price",
      "An auditor, or an account of the same person, traded credits far from the market's price with an owner whose requests they approve. Look into the request and the sale.",
    ],
    vi: [
      "Thẩm định viên và chủ xe giao dịch với giá bất thường",
      "Một thẩm định viên, hoặc tài khoản của cùng một người, đã giao dịch tín chỉ với giá lệch xa thị trường với chủ xe mà họ phê duyệt. Hãy xem lại yêu cầu và giao dịch đó.",
    ],
  },
  kickback_pair: {
    topic: null,
    link: "/cva/requests/{requestId}",
    en: [
      "One auditor approves one owner again and again",
      "An auditor has approved requests of the same owner on more than four days within a year although others were at work. A second auditor must approve from now on.",
    ],
    vi: [
      "Một thẩm định viên liên tục phê duyệt cho một chủ xe",
      "Một thẩm định viên đã phê duyệt yêu cầu của cùng một chủ xe trong hơn bốn ngày của một năm dù có người khác làm việc. Từ nay cần thêm thẩm định viên thứ hai.",
    ],
  },
} as const satisfies Record<string, Template>;
