import { createHmac } from "node:crypto";
import { type Context, Hono } from "hono";
import { preferred } from "../frame.ts";
import { choices, delayOf, mischiefIn, outcomeOf } from "../shared-wire.ts";
import type { Thing } from "../store.ts";
import { type World as Base, type Mischief, seconds } from "../stripe/world.ts";
import type { Worker } from "../timers.ts";

export type VnpayOptions = { tmnCode: string; hashSecret: string; ipnUrl: string };
export type World = Base & { vnpay: VnpayOptions };

type Fields = Record<string, string>;
/** What is asked to become of refunds: at the bank a little later, or as a bank's hand says; 99 with or without a deed. */
export const refundFates = ["later", "held", "unknown_done", "unknown_lost"] as const;
type GivenBack = { wire: number; type: string; status: "05" | "06" | "09" };
export type Transaction = Thing & {
  asked: Fields;
  said: Fields;
  mischief: Mischief;
  refunds: GivenBack[];
  fate: (typeof refundFates)[number];
};

const text = (value: string): string =>
  encodeURIComponent(value)
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

const queryOf = (fields: Fields): string =>
  Object.keys(fields)
    .filter((name) => fields[name] !== "" && !name.startsWith("vnp_SecureHash"))
    .sort()
    .map((name) => `${text(name)}=${text(fields[name] ?? "")}`)
    .join("&");

const hashOf = (world: World, what: string): string =>
  createHmac("sha512", world.vnpay.hashSecret).update(what).digest("hex");

/** Fourteen digits of Vietnam's clock. */
const timeAt = (at: Date): string =>
  new Date(at.getTime() + 7 * 3_600_000).toISOString().replace(/\D/g, "").slice(0, 14);

const payFields = new Set(
  "Version Command TmnCode Amount BankCode CreateDate CurrCode IpAddr Locale OrderInfo OrderType ReturnUrl ExpireDate TxnRef SecureHash SecureHashType"
    .split(" ")
    .map((name) => `vnp_${name}`),
);

/** What is wrong with an address to pay at, by VNPay's codes; null when nothing is. */
const wrongWith = (world: World, fields: Fields): string | null => {
  if (Object.keys(fields).some((name) => !payFields.has(name))) return "03";
  const needed = ["Version", "Command", "Amount", "CreateDate", "CurrCode", "IpAddr", "Locale", "OrderInfo"];
  if ([...needed, "OrderType", "ReturnUrl", "TxnRef"].some((name) => !fields[`vnp_${name}`])) return "03";
  if (fields.vnp_TmnCode !== world.vnpay.tmnCode) return "02";
  if (fields.vnp_SecureHash !== hashOf(world, queryOf(fields))) return "70";
  if (fields.vnp_Version !== "2.1.0" || fields.vnp_Command !== "pay" || fields.vnp_CurrCode !== "VND")
    return "03";
  if (!/^[A-Za-z0-9]{1,100}$/.test(fields.vnp_TxnRef ?? "")) return "03";
  const dong = /^\d{1,12}$/.test(fields.vnp_Amount ?? "") ? Number(fields.vnp_Amount) / 100 : 0;
  if (!Number.isInteger(dong) || dong < 5_000 || dong >= 1_000_000_000) return "04";
  const last = fields.vnp_ExpireDate;
  return last && last < timeAt(world.clock.now()) ? "15" : null;
};

export const nameOf = (txnRef: string) => `vnpay_${txnRef}`;

/** Calls the shop's IPN until it answers 00 or 02; ten times, later each time. */
export const deliver =
  (world: World): Worker =>
  async (task) => {
    const done = world.store.get<Transaction>(task.subject);
    if (!done) return;
    const query = queryOf(done.said);
    const code = await fetch(`${world.vnpay.ipnUrl}?${query}&vnp_SecureHash=${hashOf(world, query)}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    }).then(
      async (answer) => ((await answer.json().catch(() => null)) as { RspCode?: string } | null)?.RspCode,
      () => undefined,
    );
    if (code === "00" || code === "02" || task.attempt >= 10) return;
    return { again: world.clock.now().getTime() + Math.min(world.pace.retry_ms * 2 ** task.attempt, 60_000) };
  };

const endings: Record<string, { code: string; status: string }> = {
  success: { code: "00", status: "00" },
  fail: { code: "51", status: "02" },
  cancel: { code: "24", status: "02" },
  // The bank took the money and VNPay has not heard of it yet.
  pending: { code: "00", status: "04" },
};

/** What a buyer chose on the page, once; afterwards the page only says what it was. */
const finish = (world: World, fields: Fields, outcome: string, mischief: Mischief): Transaction => {
  const ref = fields.vnp_TxnRef ?? "";
  const known = world.store.get<Transaction>(nameOf(ref));
  if (known) return known;
  const { code, status } = endings[outcome] ?? { code: "99", status: "02" };
  const now = world.clock.now();
  const number = String(
    14_000_000 + (Number(now.getTime() % 1_000_000_000) % 900_000) + Math.floor(Math.random() * 99),
  );
  const done: Transaction = {
    id: nameOf(ref),
    object: "vnpay.transaction",
    created: seconds(world),
    asked: fields,
    said: {
      vnp_Amount: fields.vnp_Amount ?? "",
      vnp_BankCode: "NCB",
      vnp_BankTranNo: code === "00" ? `VNP${number}` : "",
      vnp_CardType: "ATM",
      vnp_OrderInfo: fields.vnp_OrderInfo ?? "",
      vnp_PayDate: timeAt(now),
      vnp_ResponseCode: code,
      vnp_TmnCode: world.vnpay.tmnCode,
      vnp_TransactionNo: outcome === "cancel" ? "0" : number,
      vnp_TransactionStatus: status,
      vnp_TxnRef: ref,
    },
    mischief,
    refunds: [],
    fate: "later",
  };
  world.store.put(done);
  // Of money that it does not have yet VNPay says nothing.
  if (outcome !== "pending") tell(world, done);
  return done;
};

/** Plans the IPN of what became of a payment. */
export const tell = (world: World, done: Transaction): void => {
  const { mischief } = done;
  if (mischief.drop) return;
  for (let copy = 0; copy < mischief.copies; copy++)
    world.store.later("vnpay.ipn", done.id, world.clock.now().getTime() + delayOf(mischief));
};

const returnTo = (world: World, done: Transaction): string => {
  const address = done.asked.vnp_ReturnUrl ?? "";
  const query = queryOf(done.said);
  return `${address}${address.includes("?") ? "&" : "?"}${query}&vnp_SecureHash=${hashOf(world, query)}`;
};

const orders = {
  querydr: "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo",
  refund:
    "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo TransactionDate CreateBy CreateDate IpAddr OrderInfo",
};
const answerFields =
  "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType TransactionStatus OrderInfo";
const joined = (names: string, fields: Fields) =>
  names
    .split(" ")
    .map((name) => fields[`vnp_${name}`] ?? "")
    .join("|");

/** A signed answer; a query's signature covers two more fields than a refund's. */
const answer = (world: World, asked: Fields, code: string, more: Fields = {}): Fields => {
  const fields: Fields = {
    vnp_ResponseId: crypto.randomUUID().replaceAll("-", ""),
    vnp_Command: asked.vnp_Command ?? "",
    vnp_ResponseCode: code,
    vnp_Message: code === "00" ? "Success" : "Refused",
    vnp_TmnCode: world.vnpay.tmnCode,
    vnp_TxnRef: asked.vnp_TxnRef ?? "",
    ...more,
  };
  const names =
    asked.vnp_Command === "querydr" ? `${answerFields} PromotionCode PromotionAmount` : answerFields;
  return { ...fields, vnp_SecureHash: hashOf(world, joined(names, fields)) };
};

/** What of a payment did not go back. */
const leftOf = (done: Transaction): number =>
  done.refunds.reduce(
    (left, { wire, status }) => (status === "09" ? left : left - wire),
    Number(done.said.vnp_Amount),
  );

/** Gives a part back, or all of it; answers VNPay's code. */
export const giveBack = (world: World, done: Transaction, wire: number, type: string): string => {
  if (done.said.vnp_TransactionStatus !== "00") return "95";
  if (!(wire > 0) || wire > leftOf(done) || (type === "02" && wire !== Number(done.said.vnp_Amount)))
    return "04";
  if (done.fate === "unknown_lost") return "99";
  world.store.put({ ...done, refunds: [...done.refunds, { wire, type, status: "05" }] });
  if (done.fate !== "held")
    world.store.later("vnpay.refund", done.id, world.clock.now().getTime() + world.pace.refund_ms);
  return done.fate === "unknown_done" ? "99" : "00";
};

/** The newest refund comes to its end, at the bank (06) or refused (09); one that is at the bank can still come back. */
export const endRefund = (world: World, done: Transaction, status: "06" | "09"): void => {
  const refunds = done.refunds.map((one, place) =>
    place === done.refunds.length - 1 ? { ...one, status } : one,
  );
  world.store.put({ ...done, refunds });
};

const refund = (world: World, asked: Fields, done: Transaction): Fields => {
  const { vnp_Amount = "", vnp_TransactionType = "" } = asked;
  if (vnp_TransactionType !== "02" && vnp_TransactionType !== "03") return answer(world, asked, "03");
  if (asked.vnp_TransactionNo !== done.said.vnp_TransactionNo) return answer(world, asked, "91");
  const code = giveBack(world, done, Number(vnp_Amount), vnp_TransactionType);
  if (code !== "00") return answer(world, asked, code);
  return answer(world, asked, code, {
    vnp_Amount,
    vnp_TransactionNo: done.said.vnp_TransactionNo ?? "",
    vnp_TransactionType,
    vnp_TransactionStatus: "05",
    vnp_OrderInfo: asked.vnp_OrderInfo ?? "",
  });
};

/** A refund reaches the buyer's bank. */
export const settleRefund =
  (world: World): Worker =>
  (task) => {
    const done = world.store.get<Transaction>(task.subject);
    if (done?.refunds.at(-1)?.status === "05") endRefund(world, done, "06");
    return undefined;
  };

const DAY_MS = 86_400_000;

/** What a signed request of this terminal is answered, once for each of its ids. */
const carriedOut = (world: World, asked: Fields, command: keyof typeof orders): Fields => {
  const at = world.clock.now().getTime();
  const key = asked.vnp_RequestId ?? "";
  if (!key) return answer(world, asked, "03");
  if (world.store.answer("vnpay", key, at - DAY_MS)) return answer(world, asked, "94");
  world.store.keepAnswer("vnpay", key, at, { digest: "", status: 200, body: "" });
  const done = world.store.get<Transaction>(nameOf(asked.vnp_TxnRef ?? ""));
  if (!done || done.asked.vnp_CreateDate !== asked.vnp_TransactionDate) return answer(world, asked, "91");
  if (command === "refund") return refund(world, asked, done);
  return answer(world, asked, "00", {
    vnp_Amount: done.said.vnp_Amount ?? "",
    vnp_BankCode: done.said.vnp_BankCode ?? "",
    vnp_PayDate: done.said.vnp_PayDate ?? "",
    vnp_TransactionNo: done.said.vnp_TransactionNo ?? "",
    // Of refunds a query tells the newest alone, and not its amount.
    vnp_TransactionType: done.refunds.at(-1)?.type ?? "01",
    vnp_TransactionStatus: done.refunds.at(-1)?.status ?? done.said.vnp_TransactionStatus ?? "",
    vnp_OrderInfo: done.said.vnp_OrderInfo ?? "",
  });
};

const api = (world: World) => async (context: Context) => {
  const body: unknown = await context.req.json().catch(() => null);
  const asked = Object.fromEntries(
    Object.entries((body ?? {}) as object).map(([name, value]) => [name, String(value)]),
  );
  const command = asked.vnp_Command === "refund" ? "refund" : "querydr";
  const known = `${orders[command]} SecureHash TransactionNo`.split(" ").map((name) => `vnp_${name}`);
  if (Object.keys(asked).some((name) => !known.includes(name)))
    return context.json({ vnp_ResponseCode: "03", vnp_Message: "Invalid format" });
  if (asked.vnp_SecureHash !== hashOf(world, joined(orders[command], asked)))
    return context.json({ vnp_ResponseCode: "97", vnp_Message: "Invalid signature" });
  if (asked.vnp_TmnCode !== world.vnpay.tmnCode)
    return context.json({ vnp_ResponseCode: "02", vnp_Message: "Invalid terminal" });
  // A request is known with what became of it or not at all: one killed in between is asked for anew.
  return context.json(world.store.atomically(() => carriedOut(world, asked, command)));
};

const MISCHIEF = ["duplicate", "delay_ms", "drop", "shuffle"];

/** VNPay's wire: the signed address to pay at, IPN, query and refund. */
export const vnpay = (world: World): Hono => {
  const app = new Hono();
  /** A program may add `?drop=1` to an address that has a question mark already. */
  const asked = (context: Context) => {
    const all = new URLSearchParams(new URL(context.req.url).search.replaceAll("?", "&"));
    const fields = Object.fromEntries([...all].filter(([name]) => name !== "" && !MISCHIEF.includes(name)));
    return { fields, mischief: mischiefIn(all) };
  };
  app.get("/paymentv2/vpcpay.html", (context) => {
    const { fields } = asked(context);
    const wrong = wrongWith(world, fields);
    if (wrong && wrong !== "15") return context.text(`VNPAY: code ${wrong}`, 400);
    const over = wrong !== null || world.store.get(nameOf(fields.vnp_TxnRef ?? "")) !== null;
    const language = preferred(fields.vnp_Locale === "vn" ? "vi" : "en");
    return choices(context, language, {
      title: "VNPAY",
      what: fields.vnp_OrderInfo ?? "",
      sum: `${new Intl.NumberFormat(language).format(Number(fields.vnp_Amount) / 100)} ₫`,
      outcomes: over ? [] : ["success", "pending", "fail", "cancel"],
      returnsTo: fields.vnp_ReturnUrl ?? "",
    });
  });
  app.post("/paymentv2/vpcpay.html", async (context) => {
    const outcome = await outcomeOf(context);
    const { fields, mischief } = asked(context);
    const wrong = wrongWith(world, fields);
    if (wrong) return context.text(`VNPAY: code ${wrong}`, wrong === "15" ? 410 : 400);
    if (!(outcome in endings)) return context.text("outcome must be success, pending, fail or cancel", 400);
    const done = world.store.atomically(() => finish(world, fields, outcome, mischief));
    return context.redirect(returnTo(world, done), 303);
  });
  app.post("/merchant_webapi/api/transaction", api(world));
  return app;
};
