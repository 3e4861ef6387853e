import { type Refusal, refusals } from "@evx/kernel";

/** What is nobody's fault and passes: the database is away, full, or held up. Asked again, the same may succeed. */
const refuse = refusals({
  database_away: {
    kind: "unavailable",
    en: "We cannot reach our records at the moment. Look whether what you asked for was done before you ask again, in {seconds} s.",
    vi: "Hiện chúng tôi chưa truy cập được dữ liệu. Hãy xem việc bạn yêu cầu đã được thực hiện chưa rồi thử lại sau {seconds} giây.",
  },
  storage_full: {
    kind: "unavailable",
    en: "Nothing more can be stored at the moment; the operator has been told. Nothing was changed; try again in {seconds} s.",
    vi: "Hiện chúng tôi không thể lưu thêm; quản trị viên đã được báo. Chưa có gì thay đổi; hãy thử lại sau {seconds} giây.",
  },
  database_busy: {
    kind: "unavailable",
    en: "This is being changed by somebody else, or took too long. Nothing was changed; try again in {seconds} s.",
    vi: "Dữ liệu này đang được người khác thay đổi hoặc xử lý quá lâu. Chưa có gì thay đổi; hãy thử lại sau {seconds} giây.",
  },
});

type Fault = { code: "database_away" | "storage_full" | "database_busy"; seconds: number };

const away: Fault = { code: "database_away", seconds: 5 };
const full: Fault = { code: "storage_full", seconds: 60 };
const busy: Fault = { code: "database_busy", seconds: 2 };

/** PostgreSQL's states (their first letters) and the system's codes. */
const known: readonly [RegExp, Fault][] = [
  [/^(53100|ENOSPC|EDQUOT)$/, full],
  // Locks and statements that waited too long, and transactions that met each other too often.
  [/^(55P03|57014|40001|40P01|25P03|53200|53400)$/, busy],
  // No connection, none left, being started or stopped, or a replica that was not made the primary yet.
  [/^(08...|53300|57P0[1-5]|25006)$/, away],
];

/** Codes of sockets, which count where they are a database's: other errors of the kind are bugs of whoever calls out. */
const sockets = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/** What pg and its pool say without a code of their own. */
const lost =
  /^(timeout exceeded when trying to connect|Connection terminated|Client (has encountered a connection error|was closed)|driver has already been destroyed|Cannot use a pool after calling end)/;

const faultIn = (error: Error): Fault | null => {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const found = known.find(([codes]) => codes.test(code));
  if (found) return found[1];
  if (lost.test(error.message)) return away;
  return sockets.test(code) && "syscall" in error ? away : null;
};

/** The refusal that an error of the database stands for, wherever in its causes it is; null for what is a bug. */
export const passingFault = (error: unknown): Refusal | null => {
  for (let cause = error, deep = 0; cause instanceof Error && deep < 8; cause = cause.cause, deep++) {
    const fault = faultIn(cause);
    if (fault) return refuse(fault.code, { seconds: fault.seconds }, { cause: error });
  }
  return null;
};
