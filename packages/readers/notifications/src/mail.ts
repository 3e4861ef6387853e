import type { Locale } from "@evx/kernel";
import type { Email, NotificationsPorts } from "./ports.ts";

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const words = {
  en: {
    open: "Open",
    footer:
      "You get this because you have an account at EV Carbon Exchange. Choose which e-mails you want in your settings.",
  },
  vi: {
    open: "Mở trang",
    footer:
      "Bạn nhận thư này vì có tài khoản tại EV Carbon Exchange. Chọn loại thư muốn nhận trong phần cài đặt.",
  },
};

/** A notification as a mail: plain text and HTML that say the same. */
export const mailOf = (
  to: string,
  said: { subject: string; message: string; link: string | null },
  publicUrl: string,
  locale: Locale,
): Email => {
  const { open, footer } = words[locale];
  const address = said.link ? new URL(said.link, publicUrl).href : null;
  const text = [said.message, ...(address ? [`${open}: ${address}`] : []), "--", footer].join("\n\n");
  const html = `<!doctype html>
<html lang="${locale}"><body style="margin:0;background:#f6f8f7;font-family:Inter,Segoe UI,Helvetica,Arial,sans-serif;color:#14201b">
<div style="max-width:560px;margin:0 auto;padding:32px 20px">
<p style="font-weight:600;color:#047857;margin:0 0 16px">EV Carbon Exchange</p>
<div style="background:#ffffff;border:1px solid #dde5e1;border-radius:12px;padding:24px">
<h1 style="font-size:20px;margin:0 0 12px">${escaped(said.subject)}</h1>
<p style="font-size:15px;line-height:1.6;margin:0;white-space:pre-line">${escaped(said.message)}</p>
${address ? `<p style="margin:20px 0 0"><a href="${escaped(address)}" style="background:#047857;color:#ffffff;text-decoration:none;padding:10px 16px;border-radius:8px;display:inline-block">${open}</a></p>` : ""}
</div>
<p style="font-size:12px;color:#5b6b64;line-height:1.5;margin:16px 0 0">${escaped(footer)}</p>
</div></body></html>`;
  return { to, subject: said.subject.replace(/[\r\n]+/g, " "), text, html };
};

type Letter = {
  id: string;
  to: string;
  locale: Locale;
  subject: string;
  message: string;
  link: string | null;
};

/** For rooms that write to an address rather than to a person's inbox: confirming an address, resetting a password. */
export const letterBox = ({ mailer, publicUrl }: NotificationsPorts) => ({
  send: ({ id, to, locale, ...said }: Letter): Promise<void> =>
    mailer.send({ id, ...mailOf(to, said, publicUrl, locale) }),
});
