import * as v from "valibot";
import type { Config } from "./config.ts";
import { mayBe, ownToken } from "./settings.ts";

/** An emulator's address has no place in production: what it is told goes nowhere. */
const emulator = (production: boolean) =>
  v.optional(
    production
      ? v.pipe(
          v.string(),
          v.check(() => false, "is for development: leave it out"),
        )
      : v.pipe(v.string(), v.url("must be an address")),
  );

/** What is no mail server's address is a letter with a link that goes nowhere, or elsewhere. */
const mailServer = v.regex(/^smtps?:\/\/[^/\s]+/, "must begin with smtp:// or smtps://");

/** How people are written to: mail always, pushes and SMS where their keys are set. */
export const messageSettings = (production: boolean) => ({
  SMTP_URL: production
    ? v.pipe(v.string("is missing: letters with links to reset a password go nowhere without it"), mailServer)
    : v.optional(v.pipe(v.string(), v.url())),
  MAIL_FROM: v.optional(v.string(), "EV Carbon Exchange <no-reply@evx.example>"),
  CONTACT_EMAIL: v.optional(v.pipe(v.string(), v.email("must be an email address")), "support@evx.example"),
  /** With it a mail server may hand on mails that came back. */
  MAIL_REPORTS_TOKEN: ownToken(production),
  VAPID_PRIVATE_KEY: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => Buffer.from(text, "base64").length === 32,
        "must be 32 bytes in base64: openssl rand -base64 32",
      ),
    ),
  ),
  PUSH_EMULATOR: emulator(production),
  SMS_ACCOUNT: mayBe(production, v.regex(/^AC[0-9a-f]{32}$/, "is no account of Twilio: it begins with AC")),
  SMS_TOKEN: mayBe(production, v.minLength(24, "is too short for a token of Twilio")),
  SMS_FROM: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/,
        "must be a number such as +15551234567, or a name of at most 11 letters",
      ),
    ),
  ),
  SMS_API_URL: v.optional(
    production
      ? v.pipe(
          v.string(),
          v.regex(
            /^https:\/\/api(\.[a-z0-9-]+)*\.twilio\.com$/,
            "must be https://api.twilio.com, or left out",
          ),
        )
      : v.pipe(v.string(), v.url("must be an address")),
  ),
});

const smsNames = ["SMS_ACCOUNT", "SMS_TOKEN", "SMS_FROM"] as const;

/** SMS are set up whole or not at all: one line for each setting that another one needs. */
export const messagesWhole = (config: Pick<Config, (typeof smsNames)[number]>): string[] => {
  const set = smsNames.filter((name) => config[name] !== undefined);
  if (set.length === 0) return [];
  return smsNames
    .filter((name) => config[name] === undefined)
    .map((name) => `${name} is missing: ${set.join(" and ")} cannot be used without it`);
};
