import { type Context, Hono } from "hono";
import type { Thing } from "../store.ts";
import { balanceMoves } from "./balance.ts";
import { expireSession, openSession, sessionById } from "./checkout.ts";
import { answerDispute, closeDispute, disputeById } from "./disputes.ts";
import { Fault, invalidRequest, noSuch } from "./faults.ts";
import { Params, readForm } from "./form.ts";
import {
  accountById,
  addBank,
  openAccount,
  openPayout,
  openTransfer,
  payoutById,
  reverseTransfer,
  transferById,
} from "./payouts.ts";
import { openRefund } from "./refunds.ts";
import { API_VERSION, newName, seconds, visible, type World } from "./world.ts";

/** What one call carries: its parameters, the ids in its path and the account that it acts for. */
type Call = { params: Params; id: string; account: string };

const DAY_S = 24 * 60 * 60;
const MAX_KEY = 255;

/** "sk_test_abcdef" → "sk_test_**cdef": a key never goes back whole. */
const maskedKey = (key: string): string => `${key.slice(0, 8)}**${key.slice(-4)}`;

const keyOf = (authorization: string | undefined): string | null => {
  const [scheme, value] = (authorization ?? "").split(" ");
  if (!value) return null;
  if (scheme?.toLowerCase() === "bearer") return value;
  if (scheme?.toLowerCase() === "basic") return atob(value).split(":")[0] ?? null;
  return null;
};

const checkKey = (world: World, authorization: string | undefined): void => {
  const key = keyOf(authorization);
  if (key === world.secretKey) return;
  throw new Fault(
    401,
    "invalid_request_error",
    key === null
      ? "You did not provide an API key. Provide it in the Authorization header, as in 'Bearer YOUR_SECRET_KEY'."
      : `Invalid API Key provided: ${maskedKey(key)}`,
  );
};

/** Replaces ids by what they name, along paths such as `payment_intent.latest_charge`. */
const expanded = (world: World, thing: Thing, paths: readonly string[]): Thing => {
  const shown = visible(thing);
  for (const path of paths) {
    const [name, ...rest] = path.split(".");
    const value = shown[name ?? ""];
    if (value === undefined) {
      throw invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
    }
    const inner = typeof value === "string" ? world.store.get(value) : (value as Thing | null);
    if (inner) shown[name ?? ""] = expanded(world, inner, rest.length > 0 ? [rest.join(".")] : []);
  }
  return shown;
};

/** A page of a list, newest first, with Stripe's cursors. */
const listed = (all: Thing[], call: Call, url: string) => {
  const limit = call.params.integer("limit") ?? 10;
  if (limit < 1 || limit > 100) throw invalidRequest("Limit must be from 1 to 100.", { param: "limit" });
  const after = call.params.text("starting_after");
  const before = call.params.text("ending_before");
  const created = call.params.object("created");
  const from = created?.integer("gte") ?? 0;
  const fitting = all.filter((thing) => thing.created >= from);
  const start = after === null ? 0 : fitting.findIndex((thing) => thing.id === after) + 1;
  const end = before === null ? fitting.length : fitting.findIndex((thing) => thing.id === before);
  const page =
    before === null ? fitting.slice(start, start + limit) : fitting.slice(Math.max(0, end - limit), end);
  const has_more = before === null ? start + limit < fitting.length : end > limit;
  return { object: "list", url, has_more, data: page.map(visible) };
};

const events = (world: World, call: Call): Thing[] => {
  const types =
    call.params.text("type") === null ? call.params.texts("types") : [call.params.needText("type")];
  return world.store
    .list("event", call.account)
    .filter((event) => types.length === 0 || types.includes(String(event.type)));
};

const need = (world: World, kind: string, id: string, account = ""): Thing => {
  const thing = world.store.get(id, account);
  if (thing?.object !== kind) throw noSuch(kind, id, kind === "payment_intent" ? "intent" : "id");
  return thing;
};

const answer = (context: Context, status: number, body: string, headers: Record<string, string> = {}) =>
  context.body(body, status as 200, {
    "content-type": "application/json",
    "request-id": newName("req_", 14),
    "stripe-version": context.req.header("stripe-version") ?? API_VERSION,
    ...headers,
  });

const fault = (context: Context, error: unknown) => {
  if (!(error instanceof Fault)) throw error;
  return answer(context, error.status, JSON.stringify(error.body()));
};

const reading = (world: World, run: (call: Call) => object) => (context: Context) => {
  try {
    checkKey(world, context.req.header("authorization"));
    const params = new Params(readForm(new URL(context.req.url).search));
    const account = context.req.header("stripe-account") ?? "";
    const found = run({ params, id: context.req.param("id") ?? "", account });
    const shown = "data" in found ? found : expanded(world, found as Thing, params.texts("expand"));
    return answer(context, 200, JSON.stringify(shown));
  } catch (error) {
    return fault(context, error);
  }
};

/** What was answered under this key within a day; a key under which something else was asked is refused. */
const answered = (world: World, account: string, key: string, digest: string) => {
  if (key.length > MAX_KEY) throw invalidRequest(`Idempotency keys must be at most ${MAX_KEY} characters.`);
  const earlier = world.store.answer(account, key, seconds(world) - DAY_S);
  if (earlier && earlier.digest !== digest)
    throw new Fault(
      400,
      "idempotency_error",
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    );
  return earlier;
};

const writing = (world: World, run: (call: Call) => Thing) => async (context: Context) => {
  const body = await context.req.text();
  const account = context.req.header("stripe-account") ?? "";
  const key = context.req.header("idempotency-key");
  const digest = new Bun.CryptoHasher("sha256").update(`${context.req.path}\n${body}`).digest("hex");
  const keep = (status: number, text: string) => {
    if (key) world.store.keepAnswer(account, key, seconds(world), { digest, status, body: text });
  };
  try {
    checkKey(world, context.req.header("authorization"));
    const earlier = key ? answered(world, account, key, digest) : null;
    if (key && earlier)
      return answer(context, earlier.status, earlier.body, {
        "idempotent-replayed": "true",
        "idempotency-key": key,
      });
    const params = new Params(readForm(body));
    const text = world.store.atomically(() => {
      const made = run({ params, id: context.req.param("id") ?? "", account });
      const shown = JSON.stringify(expanded(world, made, params.texts("expand")));
      keep(200, shown);
      return shown;
    });
    return answer(context, 200, text, key ? { "idempotency-key": key } : {});
  } catch (error) {
    // Stripe keeps an error under its key once the work had begun, and forgets one about the parameters.
    const begun = error instanceof Fault && /^(balance|charge|transfer)_/.test(error.more.code ?? "");
    if (begun) keep(error.status, JSON.stringify(error.body()));
    return fault(context, error);
  }
};

/** The part of Stripe's API that the platform uses, under /v1. */
export const stripeApi = (world: World): Hono => {
  const app = new Hono();
  const get = (path: string, run: (call: Call) => object) => app.get(path, reading(world, run));
  const post = (path: string, run: (call: Call) => Thing) => app.post(path, writing(world, run));

  const matching = (kind: string, call: Call, filter: string): Thing[] => {
    const wanted = call.params.text(filter);
    return world.store.list(kind).filter((thing) => wanted === null || thing[filter] === wanted);
  };

  post("/checkout/sessions", (call) => openSession(world, call.params));
  get("/checkout/sessions", (call) =>
    listed(matching("checkout.session", call, "payment_intent"), call, "/v1/checkout/sessions"),
  );
  get("/checkout/sessions/:id", (call) => sessionById(world, call.id));
  post("/checkout/sessions/:id/expire", (call) => expireSession(world, call.id));

  get("/payment_intents/:id", (call) => need(world, "payment_intent", call.id));
  get("/charges/:id", (call) => need(world, "charge", call.id));

  post("/refunds", (call) => openRefund(world, call.params));
  get("/refunds", (call) => listed(matching("refund", call, "payment_intent"), call, "/v1/refunds"));
  get("/refunds/:id", (call) => need(world, "refund", call.id));

  get("/disputes", (call) => listed(matching("dispute", call, "payment_intent"), call, "/v1/disputes"));
  get("/disputes/:id", (call) => disputeById(world, call.id));
  post("/disputes/:id/close", (call) => closeDispute(world, call.id));
  post("/disputes/:id", (call) => answerDispute(world, call.id, call.params));

  post("/accounts", (call) => openAccount(world, call.params));
  get("/accounts/:id", (call) => accountById(world, call.id));
  post("/accounts/:id/external_accounts", (call) => addBank(world, call.id, call.params));
  post("/transfers", (call) => openTransfer(world, call.params));
  get("/transfers", (call) => listed(matching("transfer", call, "transfer_group"), call, "/v1/transfers"));
  get("/transfers/:id", (call) => transferById(world, call.id));
  post("/transfers/:id/reversals", (call) => reverseTransfer(world, call.id, call.params));
  post("/payouts", (call) => openPayout(world, call.account, call.params));
  get("/payouts", (call) => listed(world.store.list("payout", call.account), call, "/v1/payouts"));
  get("/payouts/:id", (call) => payoutById(world, call.account, call.id));

  get("/balance_transactions", (call) => {
    const before = call.params.object("created")?.integer("lt") ?? Number.MAX_SAFE_INTEGER;
    const sources = call.params.texts("expand").includes("data.source");
    return listed(balanceMoves(world, before, sources), call, "/v1/balance_transactions");
  });

  get("/events", (call) => listed(events(world, call), call, "/v1/events"));
  get("/events/:id", (call) => need(world, "event", call.id, call.account));

  app.all("*", (context) => {
    const where = `${context.req.method}: ${context.req.path}`;
    return fault(context, new Fault(404, "invalid_request_error", `Unrecognized request URL (${where}).`));
  });
  return app;
};
