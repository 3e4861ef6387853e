import { type Currency, creditsFromGrams, isCurrency, type Locale, textFromMinor } from "@evx/kernel";
import type { Topic } from "./schema.ts";

/** One happening in words: a subject and a message in both languages, where it leads, and what it is about. */
type Template = {
  readonly topic: Topic | null;
  readonly link: string;
  readonly en: readonly [subject: string, message: string];
  readonly vi: readonly [subject: string, message: string];
};

/**
 * Placeholders: `{name}` is text as it is, `{name:credits}` grams as credits, `{name:money}` minor units in `{currency}`.
 * A link's placeholders are filled the same way.
 */
export const templates = {
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
  order_placed: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your credits are reserved",
      "{grams:credits} credits for {totalMinor:money} are yours if you pay before {expiresAt}.",
    ],
    vi: [
      "Tín chỉ đã được giữ cho bạn",
      "{grams:credits} tín chỉ giá {totalMinor:money} là của bạn nếu thanh toán trước {expiresAt}.",
    ],
  },
  wanted_found: {
    topic: "sales",
    link: "/owner/listings",
    en: [
      "A buyer wanted your credits",
      "{grams:credits} credits are ordered for {totalMinor:money}. The buyer has until {expiresAt} to pay.",
    ],
    vi: [
      "Có người cần mua tín chỉ của bạn",
      "{grams:credits} tín chỉ đã được đặt mua với giá {totalMinor:money}. Người mua có đến {expiresAt} để thanh toán.",
    ],
  },
  wanted_expired: {
    topic: "purchases",
    link: "/buyer/wanted",
    en: [
      "Your wanted order has ended",
      "{grams:credits} credits were not offered at your price. Place it again if you still want them.",
    ],
    vi: [
      "Lệnh cần mua của bạn đã hết hạn",
      "{grams:credits} tín chỉ chưa có ai bán theo giá của bạn. Hãy đặt lại nếu bạn vẫn cần.",
    ],
  },
  wanted_unpaid: {
    topic: "purchases",
    link: "/buyer/wanted",
    en: [
      "Your wanted order was closed",
      "What was found for it was not paid for, so {grams:credits} credits are no longer looked for.",
    ],
    vi: [
      "Lệnh cần mua của bạn đã đóng",
      "Đơn tìm được cho lệnh này chưa được thanh toán, nên chúng tôi không tìm thêm {grams:credits} tín chỉ nữa.",
    ],
  },
  dispute_opened: {
    topic: "sales",
    link: "/disputes/{disputeId}",
    en: [
      "A buyer disputes a sale of yours",
      "Read what they say and answer it; an operator decides what becomes of the money.",
    ],
    vi: [
      "Người mua khiếu nại một giao dịch của bạn",
      "Hãy đọc và trả lời; người vận hành sẽ quyết định về khoản tiền.",
    ],
  },
  dispute_refund: {
    topic: "purchases",
    link: "/disputes/{disputeId}",
    en: ["Your dispute was decided", "You get all your money back; it is on its way."],
    vi: [
      "Khiếu nại của bạn đã được giải quyết",
      "Bạn được hoàn lại toàn bộ số tiền; tiền đang trên đường về.",
    ],
  },
  dispute_partial_refund: {
    topic: "purchases",
    link: "/disputes/{disputeId}",
    en: ["Your dispute was decided", "You get a part of your money back; it is on its way."],
    vi: [
      "Khiếu nại của bạn đã được giải quyết",
      "Bạn được hoàn lại một phần số tiền; tiền đang trên đường về.",
    ],
  },
  dispute_release: {
    topic: "purchases",
    link: "/disputes/{disputeId}",
    en: ["Your dispute was decided", "The sale stands. The reasons are with the dispute."],
    vi: ["Khiếu nại của bạn đã được giải quyết", "Giao dịch giữ nguyên. Lý do có trong khiếu nại."],
  },
  strike_given: {
    topic: "auctions",
    link: "/buyer/bids",
    en: [
      "You won and did not pay",
      "This is strike {count} of {allowed}. With {allowed} strikes within half a year you cannot bid for a while.",
    ],
    vi: [
      "Bạn đã thắng mà không thanh toán",
      "Đây là lần vi phạm thứ {count} trên {allowed}. Đủ {allowed} lần trong nửa năm, bạn tạm thời không thể trả giá.",
    ],
  },
  bidding_paused: {
    topic: "auctions",
    link: "/buyer/bids",
    en: [
      "You cannot bid for a while",
      "You won {count} auctions and did not pay, so your bids are refused until {pausedUntil}. Buying at fixed prices is open to you.",
    ],
    vi: [
      "Bạn tạm thời không thể trả giá",
      "Bạn đã thắng {count} phiên mà không thanh toán, nên chưa thể trả giá đến {pausedUntil}. Bạn vẫn mua được theo giá cố định.",
    ],
  },
  auction_won: {
    topic: "auctions",
    link: "/buyer/orders/{orderId}",
    en: [
      "You won the auction",
      "{grams:credits} credits for {totalMinor:money}. Pay before {expiresAt} to receive them.",
    ],
    vi: [
      "Bạn đã thắng đấu giá",
      "{grams:credits} tín chỉ giá {totalMinor:money}. Hãy thanh toán trước {expiresAt} để nhận.",
    ],
  },
  second_chance: {
    topic: "auctions",
    link: "/buyer/orders/{orderId}",
    en: [
      "A second chance",
      "The auction's winner did not pay. {grams:credits} credits are yours for {totalMinor:money} if you pay before {expiresAt}.",
    ],
    vi: [
      "Cơ hội thứ hai",
      "Người thắng không thanh toán. {grams:credits} tín chỉ là của bạn với giá {totalMinor:money} nếu thanh toán trước {expiresAt}.",
    ],
  },
  purchase_completed: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your purchase is complete",
      "{grams:credits} credits are in your wallet. Your certificate names their serial numbers.",
    ],
    vi: [
      "Giao dịch mua đã hoàn tất",
      "{grams:credits} tín chỉ đã vào ví của bạn. Chứng nhận ghi rõ số sê-ri của chúng.",
    ],
  },
  sale_completed: {
    topic: "sales",
    link: "/owner/earnings",
    en: [
      "You sold credits",
      "{grams:credits} credits were sold for {totalMinor:money}. After fees {netMinor:money} is in your balance.",
    ],
    vi: [
      "Bạn đã bán tín chỉ",
      "{grams:credits} tín chỉ đã bán với giá {totalMinor:money}. Sau phí, {netMinor:money} đã vào số dư của bạn.",
    ],
  },
  order_expired: {
    topic: "purchases",
    link: "/marketplace",
    en: [
      "Your reservation has ended",
      "No payment arrived in time, so {grams:credits} credits are for sale again. You were not charged.",
    ],
    vi: [
      "Đơn giữ chỗ đã hết hạn",
      "Chưa nhận được thanh toán kịp thời nên {grams:credits} tín chỉ được bán lại. Bạn không bị trừ tiền.",
    ],
  },
  order_withdrawn: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your order was ended: its credits were revoked",
      "The auditor revoked the batch that {grams:credits} ordered credits are of, so nobody can sell them. You owe nothing; if you have paid already, the money goes back.",
    ],
    vi: [
      "Đơn hàng của bạn đã kết thúc: tín chỉ bị thu hồi",
      "Thẩm định viên đã thu hồi lô chứa {grams:credits} tín chỉ bạn đặt nên không ai được bán chúng nữa. Bạn không phải trả gì; nếu đã thanh toán, tiền sẽ được hoàn lại.",
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
  payment_declined: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: [
      "Your payment was declined",
      "You were not charged and your reservation is kept for now. Try another card.",
    ],
    vi: ["Thanh toán bị từ chối", "Bạn không bị trừ tiền và đơn giữ chỗ vẫn còn. Hãy thử thẻ khác."],
  },
  payment_refunded: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: ["Your money is on its way back", "{amountMinor:money} is being refunded the way you paid."],
    vi: ["Tiền đang được hoàn lại", "{amountMinor:money} đang được hoàn theo cách bạn đã thanh toán."],
  },
  invoice_issued: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: ["Your invoice {number}", "{amountMinor:money}. You find it as a PDF on the page of your order."],
    vi: ["Hóa đơn {number} của bạn", "{amountMinor:money}. Bạn có thể tải bản PDF ở trang đơn hàng."],
  },
  credit_note_issued: {
    topic: "purchases",
    link: "/buyer/orders/{orderId}",
    en: ["Your credit note {number}", "{amountMinor:money}. You find it as a PDF on the page of your order."],
    vi: ["Hóa đơn điều chỉnh giảm {number}", "{amountMinor:money}. Bạn có thể tải bản PDF ở trang đơn hàng."],
  },
  outbid: {
    topic: "auctions",
    link: "/marketplace/{listingId}",
    en: ["You were outbid", "The price is now {priceMinor:money} per credit. The auction ends {endsAt}."],
    vi: [
      "Bạn đã bị vượt giá",
      "Giá hiện tại là {priceMinor:money} mỗi tín chỉ. Phiên đấu giá kết thúc {endsAt}.",
    ],
  },
  auction_sold: {
    topic: "sales",
    link: "/marketplace/{listingId}",
    en: [
      "Your auction ended with a winner",
      "{grams:credits} credits at {priceMinor:money} per credit. You are paid when the winner has paid.",
    ],
    vi: [
      "Phiên đấu giá đã có người thắng",
      "{grams:credits} tín chỉ với giá {priceMinor:money} mỗi tín chỉ. Bạn nhận tiền khi người thắng thanh toán.",
    ],
  },
  auction_unsold: {
    topic: "sales",
    link: "/marketplace/{listingId}",
    en: [
      "Your auction ended without a sale",
      "No bid reached your price. {grams:credits} credits are back in your wallet.",
    ],
    vi: [
      "Phiên đấu giá kết thúc mà chưa bán được",
      "Không có giá nào đạt mức của bạn. {grams:credits} tín chỉ đã trở về ví.",
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
  withdrawal_sent: {
    topic: "money",
    link: "/owner/earnings",
    en: ["Your withdrawal is on its way", "{amountMinor:money} was sent to {bankAccountMasked}."],
    vi: ["Khoản rút đang được chuyển", "{amountMinor:money} đã được gửi đến {bankAccountMasked}."],
  },
  withdrawal_failed: {
    topic: null,
    link: "/owner/earnings",
    en: [
      "Your withdrawal did not go through",
      "{amountMinor:money} is back in your balance. The bank's reason: {reason}.",
    ],
    vi: [
      "Khoản rút không thành công",
      "{amountMinor:money} đã trở về số dư của bạn. Lý do của ngân hàng: {reason}.",
    ],
  },
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;
export type Details = Readonly<Record<string, string | number>>;

export const isTemplate = (name: string): name is TemplateName => Object.hasOwn(templates, name);

export const topicOf = (name: TemplateName): Topic | null => templates[name].topic;

const shownMoney = (minor: bigint, currency: Currency, locale: Locale): string => {
  const text = textFromMinor(minor, currency) as `${number}`;
  return new Intl.NumberFormat(locale === "vi" ? "vi-VN" : "en-US", { style: "currency", currency }).format(
    text,
  );
};

/** As the web app writes credits: no zeros at the end, the reader's decimal sign. */
const shownCredits = (grams: bigint, locale: Locale): string =>
  new Intl.NumberFormat(locale === "vi" ? "vi-VN" : "en-US", { maximumFractionDigits: 6 }).format(
    creditsFromGrams(grams) as `${number}`,
  );

const shownMoment = (text: string, locale: Locale): string =>
  `${new Intl.DateTimeFormat(locale === "vi" ? "vi-VN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  }).format(new Date(text))} UTC`;

const isMoment = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);

const fill = (sentence: string, details: Details, locale: Locale): string =>
  sentence.replace(/\{(\w+)(?::(credits|money))?\}/g, (_, name: string, unit?: string) => {
    const value = String(details[name] ?? "");
    if (unit === "credits") return shownCredits(BigInt(value), locale);
    const currency = String(details.currency ?? "");
    if (unit === "money" && isCurrency(currency)) return shownMoney(BigInt(value), currency, locale);
    return isMoment(value) ? shownMoment(value, locale) : value;
  });

/** A template written out in a language. Its link is a path of the web app. */
export const write = (
  name: TemplateName,
  details: Details,
  locale: Locale,
): { subject: string; message: string; link: string } => {
  const template: Template = templates[name];
  const [subject, message] = template[locale];
  return {
    subject: fill(subject, details, locale),
    message: fill(message, details, locale),
    link: fill(template.link, details, "en"),
  };
};
