import { createHash, timingSafeEqual } from "node:crypto";
import { readText } from "@evx/api/rest";
import { leaveByPost, receiveReport } from "@evx/notifications";
import type { Context } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import type { Hono, Context as HonoContext } from "hono";
import type { Bindings } from "./app.ts";

type C<V extends object> = HonoContext<{ Bindings: Bindings; Variables: V }>;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** What mail programs and the mail server tell us: that somebody wants no more, and that a mail came back. */
export const mailDoors = <V extends object>(
  app: Hono<{ Bindings: Bindings; Variables: V }>,
  { config }: Runtime,
  contextOf: (c: C<V>) => Context,
): void => {
  // RFC 8058: a mail program posts by itself, without cookies, and reads nothing but the status. GET is the app's page.
  app.post("/unsubscribe/:token/:topic", async (c) => {
    await readText(c.req.raw, 10_000);
    const left = await leaveByPost(contextOf(c), {
      token: c.req.param("token"),
      topic: c.req.param("topic"),
    });
    return left ? c.text("You get no more of these e-mails.\n") : c.text("This link is nobody's.\n", 404);
  });
  app.post("/api/mail/reports", async (c) => {
    const wanted = config.MAIL_REPORTS_TOKEN;
    const given = c.req.header("authorization") ?? "";
    if (!wanted || !timingSafeEqual(digest(`Bearer ${wanted}`), digest(given))) return c.notFound();
    const ours = await receiveReport(contextOf(c), await readText(c.req.raw, 1_000_000));
    return c.json({ taken: ours });
  });
};
