import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { second_ms } from "@evx/kernel";
import { createTransport, type SendMailOptions } from "nodemailer";
import { type Email, type Mailer, Unacceptable } from "./ports.ts";

const messageOf = (
  { id, to, subject, text, html, leave }: Email & { id: string },
  from: string,
): SendMailOptions => ({
  from,
  to,
  subject,
  text,
  html,
  messageId: `<${id}@evx>`,
  headers: {
    "X-Entity-Ref-ID": id,
    ...(leave
      ? { "List-Unsubscribe": `<${leave}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
      : {}),
  },
});

/** A server that says nothing for so long is away: the mail waits and its lane goes on. */
const patience = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 20_000,
  dnsTimeout: 10_000,
};

/** And one that says something again and again without ever coming to an end is away after so long. */
const whole_ms = 60_000;

const withPatience = (address: string): string => {
  const url = new URL(address);
  for (const [name, ms] of Object.entries(patience))
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(ms));
  return url.href;
};

type SmtpError = { code?: string; responseCode?: number; response?: string; message?: string };

/** Codes after which an address takes no other mail either: it is unknown, moved, or disabled (RFC 3463). */
const goneAddress =
  /\b5\.1\.\d+|\b5\.2\.1\b|\buser unknown|no such (user|mailbox)|mailbox (unavailable|not found)/i;

/** What a server's refusal for good means; anything else is tried again, a wrong password of ours above all. */
const refusedForGood = (error: SmtpError): Unacceptable | null => {
  const forGood =
    (error.responseCode ?? 0) >= 500 && (error.code === "EENVELOPE" || error.code === "EMESSAGE");
  if (!forGood) return null;
  const said = (error.response ?? error.message ?? "").slice(0, 300);
  return new Unacceptable(said, error.code === "EENVELOPE" && goneAddress.test(said));
};

/**
 * Mails over SMTP (`smtp://user:password@host:port`). The same mail sent twice has the same Message-ID. Throws
 * `Unacceptable` for a mail that the server refused for good.
 */
export const smtpMailer = (url: string, from: string, longest_ms = whole_ms): Mailer => {
  const transport = createTransport(withPatience(url));
  return {
    send: async (mail) => {
      const signal = AbortSignal.timeout(longest_ms);
      try {
        await transport.sendMail({ ...messageOf(mail, from), signal });
      } catch (error) {
        if (signal.aborted)
          throw new Error(`The mail server did not come to an end within ${longest_ms / second_ms} s.`);
        throw refusedForGood(error as SmtpError) ?? error;
      }
    },
  };
};

/** For development: each mail becomes a file `<id>.eml`, which any mail program opens. */
export const fileMailer = (folder: string, from: string): Mailer => {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    send: async (mail) => {
      const { message } = await transport.sendMail(messageOf(mail, from));
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${mail.id}.eml`);
      await writeFile(`${file}.part`, message as Buffer);
      await rename(`${file}.part`, file);
    },
  };
};
