import { defineJob } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Hands one e-mail to the mail server. Nobody listens to this room: it ends chains of events. */
export const sendEmail = defineJob(
  "notifications.send_email",
  v.object({ notificationId: idOf("notification"), tries: v.optional(v.number(), 0) }),
);
