/** Why a job failed, in words for whoever decides whether it may run again; the raw text is kept beside them. */
import { Refusal } from "@evx/kernel";

export type Reason = { readonly code: string; readonly en: string; readonly vi: string };

/** The kinds that are told apart, each with what to do about it. */
export const reasons = {
  database_away: {
    en: "The database could not be reached. Run it again once the venue's health is good.",
    vi: "Không kết nối được cơ sở dữ liệu. Hãy chạy lại khi hệ thống đã ổn định.",
  },
  storage_full: {
    en: "There was no room left to store anything. Free some space, then run it again.",
    vi: "Không còn chỗ để lưu dữ liệu. Hãy giải phóng dung lượng rồi chạy lại.",
  },
  database_busy: {
    en: "Other work held what it needed, or it took too long. It may succeed when it runs again.",
    vi: "Dữ liệu đang bị tác vụ khác giữ hoặc xử lý quá lâu. Chạy lại có thể sẽ thành công.",
  },
  unreachable: {
    en: "A service outside could not be reached. Run it again once that service answers.",
    vi: "Không kết nối được một dịch vụ bên ngoài. Hãy chạy lại khi dịch vụ đó hoạt động.",
  },
  timed_out: {
    en: "It waited too long for an answer. Run it again once what it waits for answers in time.",
    vi: "Chờ phản hồi quá lâu. Hãy chạy lại khi bên kia đã phản hồi bình thường.",
  },
  refused_outside: {
    en: "A service outside did not accept it. Read below what it said; run it again once that is settled.",
    vi: "Một dịch vụ bên ngoài không chấp nhận yêu cầu. Hãy xem nội dung bên dưới và chạy lại khi đã xử lý xong.",
  },
  worker_lost: {
    en: "The worker ended or hung while it did this, each time. It may be what ends workers: look at their log before you run it again.",
    vi: "Lần nào tiến trình nền cũng dừng hoặc treo khi đang chạy tác vụ này. Có thể chính tác vụ gây ra lỗi: hãy xem nhật ký trước khi chạy lại.",
  },
  contradiction: {
    en: "What it would store contradicts what is stored already, and nothing was changed. Running it again helps only after a repair.",
    vi: "Dữ liệu cần lưu mâu thuẫn với dữ liệu đã có nên chưa có gì thay đổi. Chỉ nên chạy lại sau khi đã khắc phục.",
  },
  unreadable: {
    en: "What was asked of it is incomplete or of another version, so it cannot begin. Running it again helps only after a release.",
    vi: "Yêu cầu bị thiếu thông tin hoặc thuộc phiên bản khác nên không thể bắt đầu. Chỉ nên chạy lại sau khi có bản phát hành mới.",
  },
  unexpected: {
    en: "Something happened that this version does not know. Show the text below to whoever maintains it before you run it again.",
    vi: "Có lỗi mà phiên bản này chưa lường trước. Hãy gửi nội dung bên dưới cho đội kỹ thuật trước khi chạy lại.",
  },
} as const satisfies Record<string, { en: string; vi: string }>;

export type ReasonCode = keyof typeof reasons;

const reason = (code: ReasonCode): Reason => ({ code, ...reasons[code] });

/** PostgreSQL's states, the system's and Bun's codes. */
const byCode: readonly [RegExp, ReasonCode][] = [
  [/^(53100|ENOSPC|EDQUOT)$/, "storage_full"],
  [/^(55P03|57014|40001|40P01|25P03|53200|53400)$/, "database_busy"],
  [/^(08...|53300|57P0[1-5]|25006)$/, "database_away"],
  [/^(22...|23...)$/, "contradiction"],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT)$/, "timed_out"],
  [
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ECONNECTION|ESOCKET|EDNS|ETLS|ConnectionRefused|ConnectionClosed|FailedToOpenSocket)$/,
    "unreachable",
  ],
  [/^(EAUTH|EENVELOPE|EMESSAGE)$/, "refused_outside"],
];

const byName: Readonly<Record<string, ReasonCode>> = {
  ValiError: "unreadable",
  TimeoutError: "timed_out",
  AbortError: "timed_out",
};

/** What has no code of its own, and what older workers and pg-boss left as text alone. */
const byText: readonly [RegExp, ReasonCode][] = [
  [/^job (heartbeat timeout|timed out)/, "worker_lost"],
  [
    /^(timeout exceeded when trying to connect|Connection terminated|Client (has encountered a connection error|was closed)|driver has already been destroyed|Cannot use a pool after calling end)/,
    "database_away",
  ],
  [
    /(connect ECONNREFUSED|getaddrinfo|Unable to connect|fetch failed|socket (hang up|connection was closed))/i,
    "unreachable",
  ],
  [/(timed? ?out|The operation was aborted)/i, "timed_out"],
  [/violates (unique|foreign key|check|not-null|exclusion) constraint|value violates/, "contradiction"],
  [/could not (obtain|serialize)|deadlock detected|canceling statement due to/, "database_busy"],
  [/No space left on device/, "storage_full"],
  [/^Invalid (key|type|length|format)\b/, "unreadable"],
  [/\b(gateway|service|server)\b.* answered\b|: (refused|key_reused|unauthenticated) \(/i, "refused_outside"],
];

const kindOf = (error: Error): ReasonCode | null => {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const found = byCode.find(([codes]) => codes.test(code));
  return found?.[1] ?? (Object.hasOwn(byName, error.name) ? (byName[error.name] ?? null) : null);
};

const inText = (text: string): ReasonCode | null => byText.find(([said]) => said.test(text))?.[1] ?? null;

/** An error and what caused it, outermost first; of several at once the first speaks for all. */
function* causesOf(error: unknown): Generator<Error> {
  for (let cause = error, deep = 0; cause instanceof Error && deep < 8; deep++) {
    yield cause;
    cause = cause instanceof AggregateError ? cause.errors[0] : cause.cause;
  }
}

/** Why a job failed, by what it threw: a refusal in its own words, anything else by its kind. */
export const reasonOf = (error: unknown): Reason => {
  const causes = [...causesOf(error)];
  for (const cause of causes) {
    if (cause instanceof Refusal)
      return { code: cause.code, en: cause.sentence("en"), vi: cause.sentence("vi") };
    const code = kindOf(cause);
    if (code) return reason(code);
  }
  for (const { message } of causes) {
    const code = inText(message);
    if (code) return reason(code);
  }
  return reason("unexpected");
};

const isReason = (kept: unknown): kept is Reason =>
  typeof kept === "object" &&
  kept !== null &&
  ["code", "en", "vi"].every((name) => typeof (kept as Record<string, unknown>)[name] === "string");

/** The reason that was kept with a job, in today's words where they are ours; read from the text where none was kept. */
export const keptReason = (kept: unknown, error: string | null): Reason => {
  if (!isReason(kept)) return reason(inText(error ?? "") ?? "unexpected");
  return Object.hasOwn(reasons, kept.code)
    ? reason(kept.code as ReasonCode)
    : { code: kept.code, en: kept.en, vi: kept.vi };
};
