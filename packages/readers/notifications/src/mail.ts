import type { Locale } from "@evx/kernel";
import type { Email, NotificationsPorts } from "./ports.ts";

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const words = {
  en: {
    open: "Open",
    footer: "You get this because you have an account at EV Carbon Exchange.",
    choose: "Choose which emails you want",
    leave: "No more emails about this",
  },
  vi: {
    open: "Mở trang",
    footer: "Bạn nhận thư này vì có tài khoản tại EV Carbon Exchange.",
    choose: "Chọn loại thư muốn nhận",
    leave: "Không nhận thư về việc này nữa",
  },
};

export type Said = { subject: string; message: string; link: string | null };

/** What a mail says: the happening itself, or, in a summary, an entry for each; and where mails of its topic end. */
type Letter = Said & { entries?: readonly Said[] | undefined; leave?: string | undefined };

const addressOf = (link: string | null, publicUrl: string): string | null =>
  link ? new URL(link, publicUrl).href : null;

/** Wide enough to read on a desk and as narrow as a telephone: one column that shrinks, without a picture. */
const page = (locale: Locale, title: string, body: string, footer: string): string => `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title>
<style>@media (prefers-color-scheme:dark){.page{background:#0f1512!important;color:#e8eeea!important}.card{background:#161d19!important;border-color:#2a352f!important}.soft{color:#9aa8a1!important}}</style></head>
<body class="page" style="margin:0;background:#f6f8f7;font-family:Inter,Segoe UI,Helvetica,Arial,sans-serif;color:#14201b">
<div style="max-width:560px;margin:0 auto;padding:32px 20px">
<p style="font-weight:600;color:#047857;margin:0 0 16px">EV Carbon Exchange</p>
<div class="card" style="background:#ffffff;border:1px solid #dde5e1;border-radius:12px;padding:24px">
<h1 style="font-size:20px;margin:0 0 12px">${title}</h1>
${body}
</div>
<p class="soft" style="font-size:12px;color:#5b6b64;line-height:1.5;margin:16px 0 0">${footer}</p>
</div></body></html>`;

const paragraph = (text: string): string =>
  `<p style="font-size:15px;line-height:1.6;margin:0;white-space:pre-line;overflow-wrap:anywhere">${escaped(text)}</p>`;

const button = (address: string, text: string): string =>
  `<p style="margin:20px 0 0"><a href="${escaped(address)}" style="background:#047857;color:#ffffff;text-decoration:none;padding:12px 18px;border-radius:8px;display:inline-block">${text}</a></p>`;

const entry = ({ subject, message, link }: Said, publicUrl: string): string => {
  const address = addressOf(link, publicUrl);
  const title = address
    ? `<a href="${escaped(address)}" style="color:#047857">${escaped(subject)}</a>`
    : escaped(subject);
  return `<div style="margin:16px 0 0"><p style="font-size:15px;font-weight:600;margin:0 0 4px">${title}</p>${paragraph(message)}</div>`;
};

const entryText = ({ subject, message, link }: Said, publicUrl: string): string =>
  [subject, message, addressOf(link, publicUrl)].filter(Boolean).join("\n");

/** A notification as a mail: plain text and HTML that say the same. */
export const mailOf = (to: string, letter: Letter, publicUrl: string, locale: Locale): Email => {
  const { subject, message, link, entries = [], leave } = letter;
  const { open, footer, choose, leave: leaveText } = words[locale];
  const address = addressOf(link, publicUrl);
  const choices = new URL("/notifications", publicUrl).href;
  const text = [
    message,
    ...entries.map((one) => entryText(one, publicUrl)),
    ...(address ? [`${open}: ${address}`] : []),
    "--",
    [footer, `${choose}: ${choices}`, ...(leave ? [`${leaveText}: ${leave}`] : [])].join("\n"),
  ].join("\n\n");
  const links = [
    `<a href="${escaped(choices)}" style="color:inherit">${choose}</a>`,
    ...(leave ? [`<a href="${escaped(leave)}" style="color:inherit">${leaveText}</a>`] : []),
  ];
  const body = [
    paragraph(message),
    ...entries.map((one) => entry(one, publicUrl)),
    ...(address ? [button(address, open)] : []),
  ].join("\n");
  const html = page(locale, escaped(subject), body, `${escaped(footer)}<br>${links.join(" · ")}`);
  return { to, subject: subject.replace(/[\r\n]+/g, " "), text, html, leave };
};

type Posted = { id: string; to: string; locale: Locale } & Said;

/** For rooms that write to an address rather than to a person's inbox: confirming an address, resetting a password. */
export const letterBox = ({ mailer, publicUrl }: Pick<NotificationsPorts, "mailer" | "publicUrl">) => ({
  send: ({ id, to, locale, ...said }: Posted): Promise<void> =>
    mailer.send({ id, ...mailOf(to, said, publicUrl, locale) }),
});
