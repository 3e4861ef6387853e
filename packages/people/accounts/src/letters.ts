import type { Tx } from "@evx/db";
import { defineJob, enqueue, type Handler, handle, type JobContext } from "@evx/jobs";
import { day_ms, idOf, type Locale, minute_ms, newId, second_ms, withoutLinks } from "@evx/kernel";
import * as v from "valibot";
import type { AccountsPorts } from "./ports.ts";
import type { UserRow } from "./queries/users.ts";

/** Every kind of letter. */
export const letterKinds = [
  "verify_email",
  "reset_password",
  "set_password",
  "confirm_email_change",
  "verify_new_email",
  "password_changed",
  "email_changed",
  "two_factor_changed",
  "api_key_made",
  "api_key_ended",
  "confirm_sign_up",
  "sign_up_known",
  "address_wanted",
] as const;

export type LetterKind = (typeof letterKinds)[number];

type Words = { subject: string; message: string };

/** What the letters say. `{name}` is the receiver's. */
const words: Record<LetterKind, Record<Locale, Words>> = {
  verify_email: {
    en: {
      subject: "Confirm your email address",
      message:
        "Hello {name},\n\nconfirm that this address is yours. The link works for 24 hours. If you did not create an account, ignore this letter: nothing happens without you.",
    },
    vi: {
      subject: "Xác nhận địa chỉ email của bạn",
      message:
        "Chào {name},\n\nhãy xác nhận đây là địa chỉ của bạn. Liên kết có hiệu lực trong 24 giờ. Nếu bạn không tạo tài khoản, hãy bỏ qua thư này: không có gì xảy ra nếu bạn không xác nhận.",
    },
  },
  reset_password: {
    en: {
      subject: "Set a new password",
      message:
        "Hello {name},\n\nsomebody, hopefully you, asked to set a new password. The link works once, for one hour. If it was not you, ignore this letter: your password stays as it is.",
    },
    vi: {
      subject: "Đặt mật khẩu mới",
      message:
        "Chào {name},\n\ncó người, hy vọng là bạn, đã yêu cầu đặt mật khẩu mới. Liên kết dùng được một lần, trong một giờ. Nếu không phải bạn, hãy bỏ qua thư này: mật khẩu của bạn vẫn giữ nguyên.",
    },
  },
  set_password: {
    en: {
      subject: "Your account at EV Carbon Exchange",
      message:
        "Hello {name},\n\nan administrator made an account for you. Set your password to sign in. The link works once, for one hour; later, use “Forgot your password?”.",
    },
    vi: {
      subject: "Tài khoản của bạn tại EV Carbon Exchange",
      message:
        "Chào {name},\n\nquản trị viên đã tạo tài khoản cho bạn. Hãy đặt mật khẩu để đăng nhập. Liên kết dùng được một lần, trong một giờ; sau đó hãy dùng “Quên mật khẩu?”.",
    },
  },
  confirm_email_change: {
    en: {
      subject: "Do you want to change your email address?",
      message:
        "Hello {name},\n\nsomebody signed in as you asked to use another email address. Confirm it here first; then we write to the new address. If it was not you, ignore this letter and change your password.",
    },
    vi: {
      subject: "Bạn có muốn đổi địa chỉ email không?",
      message:
        "Chào {name},\n\ncó người đăng nhập bằng tài khoản của bạn yêu cầu dùng địa chỉ email khác. Hãy xác nhận tại đây trước; sau đó chúng tôi gửi thư đến địa chỉ mới. Nếu không phải bạn, hãy bỏ qua thư này và đổi mật khẩu.",
    },
  },
  verify_new_email: {
    en: {
      subject: "Confirm your new email address",
      message: "Hello {name},\n\nconfirm that this address is yours; from then on you sign in with it.",
    },
    vi: {
      subject: "Xác nhận địa chỉ email mới",
      message: "Chào {name},\n\nhãy xác nhận đây là địa chỉ của bạn; từ đó bạn đăng nhập bằng địa chỉ này.",
    },
  },
  password_changed: {
    en: {
      subject: "Your password was changed",
      message:
        "Hello {name},\n\nyour password was changed, and you were signed out everywhere else. What goes on all the same, such as a telephone that gets SMS or a payout to your bank, stands at the end of your account's page: end there what is not yours. If it was not you, set a new password at once and tell us.",
    },
    vi: {
      subject: "Mật khẩu của bạn đã được đổi",
      message:
        "Chào {name},\n\nmật khẩu của bạn đã được đổi và bạn đã bị đăng xuất ở mọi nơi khác. Những gì vẫn tiếp tục, như số điện thoại nhận SMS hay lệnh chuyển tiền về ngân hàng, nằm ở cuối trang Tài khoản: hãy dừng những gì không phải của bạn. Nếu không phải bạn, hãy đặt lại mật khẩu ngay và báo cho chúng tôi.",
    },
  },
  email_changed: {
    en: {
      subject: "Your email address was changed",
      message:
        "Hello {name},\n\nfrom now on you sign in with another address; this one no longer works. If it was not you, tell us at once.",
    },
    vi: {
      subject: "Địa chỉ email của bạn đã được đổi",
      message:
        "Chào {name},\n\ntừ nay bạn đăng nhập bằng địa chỉ khác; địa chỉ này không còn dùng được. Nếu không phải bạn, hãy báo cho chúng tôi ngay.",
    },
  },
  two_factor_changed: {
    en: {
      subject: "Two-step sign-in was changed",
      message:
        "Hello {name},\n\ntwo-step sign-in of your account was turned on or off. If it was not you, set a new password at once and tell us.",
    },
    vi: {
      subject: "Đăng nhập hai bước đã được thay đổi",
      message:
        "Chào {name},\n\nđăng nhập hai bước của tài khoản bạn vừa được bật hoặc tắt. Nếu không phải bạn, hãy đặt lại mật khẩu ngay và báo cho chúng tôi.",
    },
  },
  api_key_made: {
    en: {
      subject: "An API key of your account was made",
      message:
        "Hello {name},\n\nan API key was made with which a script can act for you. You see and end your keys under Account, Security. If it was not you, set a new password at once: that ends every key.",
    },
    vi: {
      subject: "Một khóa API của tài khoản bạn vừa được tạo",
      message:
        "Chào {name},\n\nmột khóa API vừa được tạo, cho phép chương trình thay mặt bạn. Bạn xem và kết thúc các khóa tại Tài khoản, Bảo mật. Nếu không phải bạn, hãy đặt lại mật khẩu ngay: việc đó kết thúc mọi khóa.",
    },
  },
  api_key_ended: {
    en: {
      subject: "An API key of your account was ended",
      message:
        "Hello {name},\n\nan administrator ended an API key of yours; scripts that used it are refused from now on. You see your keys under Account, Security, and can make another. Ask us if you do not know why.",
    },
    vi: {
      subject: "Một khóa API của tài khoản bạn đã bị kết thúc",
      message:
        "Chào {name},\n\nquản trị viên đã kết thúc một khóa API của bạn; chương trình dùng khóa này sẽ bị từ chối từ bây giờ. Bạn xem các khóa tại Tài khoản, Bảo mật và có thể tạo khóa mới. Nếu không rõ lý do, hãy hỏi chúng tôi.",
    },
  },
  // The name is not in these: whoever signed up chose it, and the address may be somebody else's.
  confirm_sign_up: {
    en: {
      subject: "Finish signing up at EV Carbon Exchange",
      message:
        "Hello,\n\nsomebody, hopefully you, asked for an account with this address. Open the link and give the password that you chose; then there is an account. The link works once, for 24 hours. If it was not you, ignore this letter: nothing was made.",
    },
    vi: {
      subject: "Hoàn tất đăng ký tại EV Carbon Exchange",
      message:
        "Xin chào,\n\ncó người, hy vọng là bạn, đã xin mở tài khoản với địa chỉ này. Hãy mở liên kết và nhập mật khẩu bạn đã chọn; khi đó tài khoản mới được tạo. Liên kết dùng được một lần, trong 24 giờ. Nếu không phải bạn, hãy bỏ qua thư này: chưa có gì được tạo.",
    },
  },
  sign_up_known: {
    en: {
      subject: "You have an account already",
      message:
        "Hello {name},\n\nsomebody, hopefully you, asked for a new account with this address. You have one: sign in, or set a new password with the link. Nothing was changed, and whoever asked was not told.",
    },
    vi: {
      subject: "Bạn đã có tài khoản",
      message:
        "Chào {name},\n\ncó người, hy vọng là bạn, đã xin mở tài khoản mới với địa chỉ này. Bạn đã có tài khoản: hãy đăng nhập, hoặc đặt mật khẩu mới bằng liên kết. Không có gì thay đổi và người yêu cầu không được cho biết.",
    },
  },
  address_wanted: {
    en: {
      subject: "Somebody asked to use your email address",
      message:
        "Hello {name},\n\nsomebody asked to use this address for another account. It stays yours alone: nothing was changed, and whoever asked was not told. There is nothing that you need to do.",
    },
    vi: {
      subject: "Có người muốn dùng địa chỉ email của bạn",
      message:
        "Chào {name},\n\ncó người yêu cầu dùng địa chỉ này cho một tài khoản khác. Địa chỉ vẫn chỉ là của bạn: không có gì thay đổi và người yêu cầu không được cho biết. Bạn không cần làm gì.",
    },
  },
};

/** A letter that waits to be sent. Its link opens accounts, so it waits encrypted. */
const Waiting = v.object({
  id: idOf("event"),
  kind: v.picklist(letterKinds),
  to: v.string(),
  name: v.string(),
  locale: v.picklist(["en", "vi"]),
  sealedLink: v.nullable(v.string()),
  /** After this moment the letter is of no use. */
  until: v.string(),
  tries: v.optional(v.number(), 0),
});

const sendLetter = defineJob("identity.send_letter", Waiting);
/** One that did not go the first time waits in lanes of its own: somebody looks at a screen for the next. */
const sendLetterAgain = defineJob("identity.send_letter_again", Waiting);

/** What a letter says and to whom; `link` is an address of the web app, absolute. */
export type LetterInput = {
  kind: LetterKind;
  to: string;
  name: string;
  locale: Locale;
  link: string | null;
};

/** A link is of no use after its day; that a password was changed is news for as long as its owner may not know. */
const week_ms = 7 * day_ms;

/** Puts a letter into the transaction: it is sent if that commits, and not otherwise. */
export const writeLetter = async (
  tx: Tx,
  ports: Pick<AccountsPorts, "vault">,
  { link, ...letter }: LetterInput,
): Promise<void> => {
  const id = newId("event");
  const vault = await ports.vault;
  await enqueue(tx, sendLetter, {
    ...letter,
    id,
    sealedLink: link && (await vault.sealText(link, id)),
    until: new Date(tx.at.getTime() + (link ? day_ms : week_ms)).toISOString(),
  });
};

/** Five seconds after the first failure, then twice as long each time, a quarter of an hour at most. */
const waitAfter = (tries: number): number => Math.min(15 * minute_ms, 5 * second_ms * 2 ** tries);

type Sender = Pick<AccountsPorts, "vault" | "letters">;

const send = async (
  job: JobContext,
  { vault, letters }: Sender,
  payload: v.InferOutput<typeof Waiting>,
): Promise<void> => {
  const { id, kind, to, name, locale, sealedLink, until, tries } = payload;
  const { subject, message } = words[kind][locale];
  const link = sealedLink && (await (await vault).openText(sealedLink, id));
  try {
    await letters.send({
      id,
      to,
      locale,
      subject,
      message: message.replace("{name}", () => withoutLinks(name)),
      link,
    });
  } catch (error) {
    if (job.clock.now() > new Date(until)) {
      job.log.error({ error, letter: id, kind }, "a letter could not be sent in time and is dropped");
      return;
    }
    const waitMs = waitAfter(tries);
    job.log.warn({ error, letter: id, kind, waitMs }, "a letter could not be sent; it waits");
    const runAt = new Date(job.clock.now().getTime() + waitMs);
    await job.transact((tx) => enqueue(tx, sendLetterAgain, { ...payload, tries: tries + 1 }, { runAt }));
  }
};

/** Send the letters that wait. A mail server that is away delays them by longer and longer, and loses none for a day, or for a week those without a link. */
export const letterHandlers = (sender: Sender): Handler[] => [
  handle(sendLetter, (job, payload) => send(job, sender, payload), { concurrency: 8, long: true }),
  handle(sendLetterAgain, (job, payload) => send(job, sender, payload), { concurrency: 4, long: true }),
];

/** Who a letter is for, from a row of better-auth's. */
export const receiver = (user: { email: string; name: string; locale?: unknown }) => ({
  to: user.email,
  name: user.name,
  locale: user.locale === "vi" ? ("vi" as const) : ("en" as const),
});

/** Who a letter is for, from a row of ours. */
export const addressee = (row: UserRow) =>
  receiver({ email: row.email, name: row.full_name, locale: row.locale });
