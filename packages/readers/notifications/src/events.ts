import { defineJob } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const one = v.object({ notificationId: idOf("notification"), tries: v.optional(v.number(), 0) });

/** Hands one e-mail to the mail server. Nobody listens to this room: it ends chains of events. */
export const sendEmail = defineJob("notifications.send_email", one);

/** Hands one notification to the push services of all the person's browsers. */
export const sendPush = defineJob("notifications.send_push", one);

export const sendSms = defineJob("notifications.send_sms", one);

/** The same once more, for what did not go the first time: in lanes of its own, so that it keeps nothing new waiting. */
export const sendEmailAgain = defineJob("notifications.send_email_again", one);
export const sendPushAgain = defineJob("notifications.send_push_again", one);
export const sendSmsAgain = defineJob("notifications.send_sms_again", one);

/** Tells a number that it gets no more SMS. */
export const tellFormerNumber = defineJob(
  "notifications.tell_former_number",
  v.object({ userId: idOf("user"), number: v.string() }),
);

/** Makes a code for a telephone's number and sends it there. */
export const sendPhoneCode = defineJob(
  "notifications.send_phone_code",
  v.object({ userId: idOf("user"), number: v.string() }),
);
