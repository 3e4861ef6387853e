import { isCurrency, textFromMinor } from "@evx/kernel";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { frame, type Language, preferred, styleHash } from "../frame.ts";
import { mischiefIn } from "../shared-wire.ts";
import { type Outcome, payWithCard, type Session, sessionById } from "./checkout.ts";
import { Fault } from "./faults.ts";
import { seconds, type World } from "./world.ts";

const words = {
  en: {
    title: "Pay by card",
    total: "Total",
    card: "Card number",
    expiry: "Expires",
    cvc: "CVC",
    name: "Name on card",
    pay: "Pay",
    cancel: "Cancel and go back",
    test: "Test gateway: no real money moves.",
    tries: "Cards to try",
    pays: "pays",
    declines: "is declined",
    disputes: "pays, disputed later",
    closedTitle: "This payment page is closed",
    paid: "It has been paid already.",
    expired: "Its time is over. Nothing was charged.",
    missingTitle: "There is no such payment page",
    missing: "The address is wrong, or the test gateway was reset. Nothing was charged.",
    back: "Go back",
    declined: {
      generic_decline: "Your card was declined. Nothing was charged. Try another card.",
      insufficient_funds: "Your card has too little money on it. Nothing was charged. Try another card.",
      expired_card: "Your card has expired. Nothing was charged. Try another card.",
      incorrect_cvc: "The security code is wrong. Nothing was charged. Check it and try again.",
      incorrect_number: "The card number is wrong. Nothing was charged. Check it and try again.",
      test_mode_live_card: "Only test cards work here. Nothing was charged. Try one of those below.",
    },
  },
  vi: {
    title: "Thanh toán bằng thẻ",
    total: "Tổng cộng",
    card: "Số thẻ",
    expiry: "Hết hạn",
    cvc: "CVC",
    name: "Tên trên thẻ",
    pay: "Thanh toán",
    cancel: "Hủy và quay lại",
    test: "Cổng thử nghiệm: không có tiền thật nào được chuyển.",
    tries: "Thẻ để thử",
    pays: "thanh toán được",
    declines: "bị từ chối",
    disputes: "thanh toán được, sau đó bị khiếu nại",
    closedTitle: "Trang thanh toán này đã đóng",
    paid: "Khoản này đã được thanh toán.",
    expired: "Đã hết thời gian. Bạn không bị trừ tiền.",
    missingTitle: "Không có trang thanh toán này",
    missing: "Địa chỉ sai hoặc cổng thử nghiệm đã được đặt lại. Bạn không bị trừ tiền.",
    back: "Quay lại",
    declined: {
      generic_decline: "Thẻ của bạn bị từ chối. Bạn chưa bị trừ tiền. Hãy thử thẻ khác.",
      insufficient_funds: "Thẻ không đủ tiền. Bạn chưa bị trừ tiền. Hãy thử thẻ khác.",
      expired_card: "Thẻ đã hết hạn. Bạn chưa bị trừ tiền. Hãy thử thẻ khác.",
      incorrect_cvc: "Mã bảo mật sai. Bạn chưa bị trừ tiền. Hãy kiểm tra và thử lại.",
      incorrect_number: "Số thẻ sai. Bạn chưa bị trừ tiền. Hãy kiểm tra và thử lại.",
      test_mode_live_card: "Ở đây chỉ dùng được thẻ thử. Bạn chưa bị trừ tiền. Hãy dùng một thẻ dưới đây.",
    },
  },
};

const originOf = (address: string | null): string[] => {
  const origin = address === null ? null : URL.parse(address)?.origin;
  return origin ? [origin] : [];
};

/** A form's policy also covers where its answer redirects, so the shop's own origins are named. */
const policyFor = (session: Session | null): string =>
  [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    `form-action 'self' ${[...new Set(session ? [...originOf(session.success_url), ...originOf(session.cancel_url)] : [])].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const languageOf = (context: Context, session: Session | null): Language => {
  const asked =
    session?.locale && session.locale !== "auto" ? session.locale : context.req.header("accept-language");
  return preferred(asked);
};

const money = (session: Session, language: Language): string => {
  const currency = session.currency.toUpperCase();
  const text = isCurrency(currency)
    ? textFromMinor(BigInt(session.amount_total), currency)
    : String(session.amount_total);
  return new Intl.NumberFormat(language, { style: "currency", currency }).format(
    text as Intl.StringNumericLiteral,
  );
};

const paying = (session: Session, language: Language, declined: string | null) => {
  const say = words[language];
  const reasons: Record<string, string> = say.declined;
  const problem = declined === null ? null : (reasons[declined] ?? say.declined.generic_decline);
  return frame(
    language,
    say.title,
    html`<h1>${say.title}</h1><p class="what">${session._description}</p>
<p class="sum">${money(session, language)}</p>
${problem ? html`<p class="no" role="alert">${problem}</p>` : ""}
<form method="post">
<label for="card">${say.card}</label><input id="card" name="card" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242" required maxlength="24" autofocus>
<div class="two"><div><label for="expiry">${say.expiry}</label><input id="expiry" name="expiry" autocomplete="cc-exp" placeholder="12/34" maxlength="7"></div>
<div><label for="cvc">${say.cvc}</label><input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123" maxlength="4"></div></div>
<label for="name">${say.name}</label><input id="name" name="name" autocomplete="cc-name" maxlength="80">
<button type="submit">${say.pay} ${money(session, language)}</button></form>
${session.cancel_url ? html`<a class="go" href="${session.cancel_url}">${say.cancel}</a>` : ""}
<div class="tests"><p>${say.test} ${say.tries}:</p><ul>
<li><code>4242 4242 4242 4242</code><span>${say.pays}</span></li>
<li><code>4000 0000 0000 0002</code><span>${say.declines}</span></li>
<li><code>4000 0000 0000 0259</code><span>${say.disputes}</span></li></ul></div>`,
  );
};

const notice = (language: Language, title: string, text: string, back: string | null) =>
  frame(
    language,
    title,
    html`<h1>${title}</h1><p class="what">${text}</p>${back ? html`<a class="go" href="${back}">${words[language].back}</a>` : ""}`,
  );

const cardOf = async (context: Context): Promise<string> => {
  if (context.req.header("content-type")?.startsWith("application/json")) {
    const body: unknown = await context.req.json().catch(() => null);
    return body && typeof body === "object" && "card" in body ? String(body.card) : "";
  }
  const form = await context.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  return typeof form.card === "string" ? form.card : "";
};

const find = (world: World, id: string): Session | null => {
  try {
    return sessionById(world, id);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
};

const page = (
  context: Context,
  session: Session | null,
  body: ReturnType<typeof html>,
  status: 200 | 404 | 410,
) =>
  context.html(body, status, {
    "content-security-policy": policyFor(session),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });

const thanks = (context: Context, session: Session) =>
  context.redirect(session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id), 303);

const missing = (context: Context) => {
  const language = languageOf(context, null);
  return page(
    context,
    null,
    notice(language, words[language].missingTitle, words[language].missing, null),
    404,
  );
};

const closed = (context: Context, session: Session) => {
  const language = languageOf(context, session);
  const say = words[language];
  if (session.status === "complete") {
    const back = session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
    return page(context, session, notice(language, say.closedTitle, say.paid, back), 200);
  }
  return page(context, session, notice(language, say.closedTitle, say.expired, session.cancel_url), 410);
};

/** The hosted payment page, at the address that a session carries. */
export const stripePage = (world: World): Hono => {
  const app = new Hono();
  const isOpen = (session: Session) => session.status === "open" && session.expires_at > seconds(world);

  app.get("/c/pay/:id", (context) => {
    const session = find(world, context.req.param("id"));
    if (!session) return missing(context);
    if (!isOpen(session)) return closed(context, session);
    return page(context, session, paying(session, languageOf(context, session), null), 200);
  });

  app.post("/c/pay/:id", async (context) => {
    const card = await cardOf(context);
    const session = find(world, context.req.param("id"));
    if (!session) return missing(context);
    const outcome: Outcome = world.store.atomically(() =>
      payWithCard(world, session.id, card, mischiefIn(new URL(context.req.url).searchParams)),
    );
    if (outcome.is === "paid") return thanks(context, outcome.session);
    if (outcome.is === "closed") {
      return outcome.session.status === "complete"
        ? thanks(context, outcome.session)
        : closed(context, outcome.session);
    }
    return page(context, session, paying(outcome.session, languageOf(context, session), outcome.code), 200);
  });
  return app;
};
