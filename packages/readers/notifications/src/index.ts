export { letterBox } from "./mail.ts";
export { fileMailer, smtpMailer } from "./mailer.ts";
export { type NewNotice, notify } from "./notify.ts";
export type { Email, Mailer, NotificationsPorts } from "./ports.ts";
export { toldBy } from "./queries/notifications.ts";
