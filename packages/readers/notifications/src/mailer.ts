import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { Mailer } from "./ports.ts";

const headers = (mail: { id: string }) => ({
  messageId: `<${mail.id}@evx>`,
  headers: { "X-Entity-Ref-ID": mail.id },
});

/** Mails over SMTP (`smtp://user:password@host:port`). The same mail sent twice has the same Message-ID. */
export const smtpMailer = (url: string, from: string): Mailer => {
  const transport = createTransport(url);
  return {
    send: async ({ id, to, subject, text, html }) => {
      await transport.sendMail({ from, to, subject, text, html, ...headers({ id }) });
    },
  };
};

/** For development: each mail becomes a file `<id>.eml`, which any mail program opens. */
export const fileMailer = (folder: string, from: string): Mailer => {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    send: async ({ id, to, subject, text, html }) => {
      const { message } = await transport.sendMail({ from, to, subject, text, html, ...headers({ id }) });
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${id}.eml`);
      await writeFile(`${file}.part`, message as Buffer);
      await rename(`${file}.part`, file);
    },
  };
};
