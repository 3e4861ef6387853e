import type { Clock } from "@evx/kernel";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { frame, preferred, styleHash } from "../frame.ts";
import { readingAt } from "./drive.ts";

const words = {
  en: {
    title: "Let this car be read",
    what: "The exchange asks for the odometer, the battery and the VIN of {vin}.",
    allow: "Allow",
    refuse: "Do not allow",
    test: "Test cars: they drive five kilometres every quarter of an hour.",
    wrong: "This address is not complete. Start again from the vehicle's page.",
  },
  vi: {
    title: "Cho phép đọc xe này",
    what: "Sàn xin đọc số đồng hồ, pin và số VIN của xe {vin}.",
    allow: "Cho phép",
    refuse: "Không cho phép",
    test: "Xe thử nghiệm: cứ mười lăm phút chạy năm ki-lô-mét.",
    wrong: "Địa chỉ này chưa đủ. Hãy bắt đầu lại từ trang của xe.",
  },
};

const encoded = (text: string) => Buffer.from(text).toString("base64url");
const decoded = (text: string) => Buffer.from(text, "base64url").toString();
/** Codes and tokens carry the VIN, so nothing need be kept: a car is there as soon as somebody allows it. */
const vinIn = (kind: "code" | "car" | "again", text: string): string | null => {
  const [name, vin] = text.split(".");
  return name === kind && vin ? decoded(vin) : null;
};

const fault = (context: Context, status: 400 | 401 | 404, type: string) =>
  context.json({ type, code: null, description: `The emulator says ${type}.`, statusCode: status }, status);

/** Where the car's owner allows or refuses. */
const consent = (context: Context) => {
  const say = words[preferred(context.req.header("accept-language"))];
  const language = preferred(context.req.header("accept-language"));
  const vin = context.req.query("single_select_vin") ?? "";
  const back = URL.parse(context.req.query("redirect_uri") ?? "");
  const policy = `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; frame-ancestors 'none'`;
  if (!back || !/^https?:$/.test(back.protocol) || vin === "") {
    const body = html`<h1>${say.title}</h1><p class="no">${say.wrong}</p>`;
    return context.html(frame(language, say.title, body), 400, { "content-security-policy": policy });
  }
  const answer = (more: Record<string, string>): string => {
    const to = new URL(back);
    for (const [name, value] of Object.entries({ ...more, state: context.req.query("state") ?? "" }))
      to.searchParams.set(name, value);
    return to.href;
  };
  const body = html`<h1>${say.title}</h1><p class="what">${say.what.replace("{vin}", vin)}</p>
<a class="act" href="${answer({ code: `code.${encoded(vin)}` })}">${say.allow}</a>
<a class="go" href="${answer({ error: "access_denied" })}">${say.refuse}</a>
<div class="tests"><p>${say.test}</p></div>`;
  return context.html(frame(language, say.title, body), 200, { "content-security-policy": policy });
};

/** Speaks what Smartcar's SDK calls: consent, tokens, cars, VIN, readings, and the end of a permission. */
export const smartcarCars = (clock: Clock): Hono => {
  const app = new Hono();
  const said = <T extends object>(context: Context, body: T) => context.json(body);
  /** The VIN that the bearer's token is for. */
  const bearer = (context: Context): string | null =>
    vinIn("car", (context.req.header("authorization") ?? "").replace(/^Bearer /i, ""));

  app.get("/oauth/authorize", consent);

  app.post("/oauth/token", async (context) => {
    const form = await context.req.parseBody();
    const given = String(form.code ?? form.refresh_token ?? "");
    const vin = form.grant_type === "refresh_token" ? vinIn("again", given) : vinIn("code", given);
    if (!vin) return context.json({ error: "invalid_grant", error_description: "not one of ours" }, 400);
    return context.json({
      access_token: `car.${encoded(vin)}`,
      refresh_token: `again.${encoded(vin)}`,
      expires_in: 7_200,
      token_type: "Bearer",
    });
  });

  app.use("/v2.0/*", async (context, next) => {
    context.header("sc-request-id", crypto.randomUUID());
    if (bearer(context) === null) return fault(context, 401, "AUTHENTICATION");
    return next();
  });
  // The SDK asks for the list of cars with a slash at its end.
  app.on("GET", ["/v2.0/vehicles", "/v2.0/vehicles/"], (context) =>
    said(context, { vehicles: [bearer(context)], paging: { count: 1, offset: 0 } }),
  );
  app.use("/v2.0/vehicles/:id/*", async (context, next) =>
    bearer(context) === context.req.param("id") ? next() : fault(context, 404, "RESOURCE_NOT_FOUND"),
  );
  app.get("/v2.0/vehicles/:id/vin", (context) => said(context, { vin: bearer(context) }));
  app.delete("/v2.0/vehicles/:id/application", (context) => said(context, { status: "success" }));
  app.post("/v2.0/vehicles/:id/batch", (context) => {
    const at = clock.now();
    const { odometerKm, charge } = readingAt(bearer(context) as string, at);
    const headers = { "sc-data-age": at.toISOString(), "sc-unit-system": "metric" };
    return said(context, {
      responses: [
        { path: "/odometer", code: 200, body: { distance: odometerKm }, headers },
        { path: "/battery", code: 200, body: { percentRemaining: charge, range: 300 }, headers },
        { path: "/location", code: 403, body: { type: "PERMISSION", description: "not asked" }, headers },
      ],
    });
  });
  return app;
};
