import { Hono } from "hono";
import { html } from "hono/html";
import { frame, preferred, styleHash } from "./frame.ts";

const words = {
  en: {
    title: "Test payment gateways",
    what: "They stand in for the real ones on this machine: no real money moves. A payment page opens when you pay for an order.",
    cards: "Cards to try",
    pays: "pays",
    declines: "is declined",
    disputes: "pays, disputed later",
    banks: "Bank accounts to withdraw to",
    any: "any other number",
    closed: "refused: account closed",
    returned: "paid, then returned",
    paid: "is paid",
    messages: "E-mails and SMS of this machine",
  },
  vi: {
    title: "Cổng thanh toán thử nghiệm",
    what: "Chúng thay cho cổng thật trên máy này: không có tiền thật nào được chuyển. Trang thanh toán mở ra khi bạn trả tiền cho một đơn hàng.",
    cards: "Thẻ để thử",
    pays: "thanh toán được",
    declines: "bị từ chối",
    disputes: "thanh toán được, sau đó bị khiếu nại",
    banks: "Tài khoản ngân hàng để rút tiền",
    any: "số bất kỳ khác",
    closed: "bị từ chối: tài khoản đã đóng",
    returned: "đã trả rồi bị hoàn lại",
    paid: "được trả",
    messages: "Email và SMS trên máy này",
  },
};

/** What somebody sees who opens the emulator's address: what it is and what to type on its pages. */
export const home = (): Hono =>
  new Hono().get("/", (context) => {
    const language = preferred(context.req.header("accept-language"));
    const say = words[language];
    const row = (code: string, text: string) => html`<li><code>${code}</code><span>${text}</span></li>`;
    const body = html`<h1>${say.title}</h1><p class="what">${say.what}</p>
<div class="tests"><p>${say.cards}</p><ul>${row("4242 4242 4242 4242", say.pays)}${row("4000 0000 0000 0002", say.declines)}${row("4000 0000 0000 0259", say.disputes)}</ul></div>
<div class="tests"><p>${say.banks}</p><ul>${row("000111111113", say.closed)}${row("000555555559", say.returned)}${row(say.any, say.paid)}</ul></div>
<a class="go" href="/messages">${say.messages}</a>`;
    return context.html(frame(language, say.title, body), 200, {
      "content-security-policy": `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
    });
  });
