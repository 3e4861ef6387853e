import type { Context } from "hono";
import { html } from "hono/html";
import { frame, type Language, styleHash } from "./frame.ts";
import type { Mischief } from "./stripe/world.ts";

const wholeNumber = (text: string | undefined, most: number): number =>
  Math.min(/^\d{1,9}$/.test(text ?? "") ? Number(text) : 0, most);

/** How far apart shuffled deliveries may lie. */
const SHUFFLED_WITHIN_MS = 400;

/** How much later a copy of an event is delivered: shuffled ones come in whatever order. */
export const delayOf = ({ delay_ms, shuffled }: Mischief): number =>
  delay_ms + (shuffled ? Math.floor(Math.random() * SHUFFLED_WITHIN_MS) : 0);

/** `duplicate=3` delivers each event three times, `delay_ms=` late, `shuffle=1` in any order, `drop=1` never. */
export const mischiefIn = (query: URLSearchParams): Mischief => ({
  copies: Math.max(1, wholeNumber(query.get("duplicate") ?? undefined, 20)),
  delay_ms: wholeNumber(query.get("delay_ms") ?? undefined, 10 * 60_000),
  drop: query.get("drop") === "1",
  shuffled: query.get("shuffle") === "1",
});

/** The field of a posted form or JSON body that says what is to become of a payment. */
export const outcomeOf = async (context: Context): Promise<string> => {
  const body: unknown = context.req.header("content-type")?.startsWith("application/json")
    ? await context.req.json().catch(() => null)
    : await context.req.parseBody().catch(() => null);
  return body && typeof body === "object" && "outcome" in body ? String(body.outcome) : "";
};

const words = {
  en: {
    success: "Pay",
    pending: "Pay, money arrives later",
    pending_denied: "Pay, then the money is denied",
    dispute: "Pay, disputed later",
    fail: "Be refused",
    cancel: "Cancel and go back",
    test: "Test gateway: no real money moves.",
    closed: "This payment page is closed. Nothing more is charged.",
  },
  vi: {
    success: "Thanh toán",
    pending: "Thanh toán, tiền về sau",
    pending_denied: "Thanh toán, sau đó tiền bị từ chối",
    dispute: "Thanh toán, sau đó bị khiếu nại",
    fail: "Bị từ chối",
    cancel: "Hủy và quay lại",
    test: "Cổng thử nghiệm: không có tiền thật nào được chuyển.",
    closed: "Trang thanh toán này đã đóng. Bạn không bị trừ thêm tiền.",
  },
};

export type Outcome = Exclude<keyof typeof words.en, "test" | "closed">;

/** A page of buttons, one for each ending that a person can choose. */
export const choices = (
  context: Context,
  language: Language,
  page: { title: string; what: string; sum: string; outcomes: readonly Outcome[]; returnsTo: string },
) => {
  const say = words[language];
  const form = html`<form method="post">${page.outcomes.map((outcome) => html`<p><button name="outcome" value="${outcome}">${say[outcome]}</button></p>`)}</form>`;
  const body = html`<h1>${page.title}</h1><p class="what">${page.what}</p><p class="sum">${page.sum}</p>
${page.outcomes.length > 0 ? form : html`<p class="no" role="alert">${say.closed}</p>`}<div class="tests"><p>${say.test}</p></div>`;
  const origin = URL.parse(page.returnsTo)?.origin ?? "";
  return context.html(frame(language, page.title, body), page.outcomes.length > 0 ? 200 : 410, {
    "content-security-policy": `default-src 'none'; style-src '${styleHash}'; form-action 'self' ${origin}; base-uri 'none'; frame-ancestors 'none'`,
    "cache-control": "no-store",
  });
};
