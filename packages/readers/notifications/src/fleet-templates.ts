import type { Topic } from "./schema.ts";

/** One happening in words: a subject and a message in both languages, where it leads, and what it is about. */
export type Template = {
  readonly topic: Topic | null;
  readonly link: string;
  readonly en: readonly [subject: string, message: string];
  readonly vi: readonly [subject: string, message: string];
};

/** What drivers, fleets and those who watch over auditors are told. */
export const fleetTemplates = {
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
