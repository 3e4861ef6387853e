import type { Email, Mailer } from "./ports.ts";

/** A mailer that keeps what it was given; `fail` makes the next calls throw as a lost mail server does. */
export const memoryMailer = (): Mailer & {
  readonly sent: (Email & { id: string })[];
  fail(times: number): void;
} => {
  const sent: (Email & { id: string })[] = [];
  let failures = 0;
  return {
    sent,
    fail: (times) => {
      failures = times;
    },
    send: async (mail) => {
      if (failures-- > 0) throw new Error("connect ECONNREFUSED");
      sent.push(mail);
    },
  };
};
