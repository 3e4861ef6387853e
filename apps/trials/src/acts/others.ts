/** Auditors, the operator, and those who are no friends of the house. */
import { listAt, textAt } from "../wire.ts";
import { type Actor, forget } from "./actor.ts";

export const approve = async (actor: Actor, id: string): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const answer = await wire.insist({
    method: "POST",
    path: `/api/verification/approve/${id}`,
    token: me.token,
    key: chances.name(),
    body: { notes: "Looked at." },
  });
  if (answer.kind !== "done") return forget(actor, "approval", answer);
  if (textAt(answer.body, "request.status") === "approved") promises.keep({ kind: "approval", id });
};

/** Takes a request from the queue and decides it; sometimes two at once, as two tabs would. */
export const review = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const queue = await wire.ask({
    method: "GET",
    path: "/api/verification/requests?limit=20",
    token: me.token,
  });
  const open = queue.kind === "done" ? listAt(queue.body, "items") : [];
  const waiting = open.filter((one) => ["pending", "in_review"].includes(textAt(one, "status")));
  const id = textAt(chances.pick(waiting), "id");
  if (!id) return;
  if (chances.number() < 0.15) {
    const answer = await wire.insist({
      method: "POST",
      path: `/api/verification/reject/${id}`,
      token: me.token,
      key: chances.name(),
      body: { reason: "The trips do not fit the car." },
    });
    if (answer.kind !== "done") return forget(actor, "rejection", answer);
    return promises.keep({ kind: "rejection", id });
  }
  await Promise.all(chances.number() < 0.3 ? [approve(actor, id), approve(actor, id)] : [approve(actor, id)]);
};

const revoke = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const path = "/api/verification/issued-certificates?status=valid&limit=50";
  const found = await wire.ask({ method: "GET", path, token: me.token });
  const id = found.kind === "done" ? textAt(chances.pick(listAt(found.body, "items")), "id") : "";
  if (!id) return;
  const answer = await wire.insist({
    method: "POST",
    path: `/api/verification/certificates/${id}/revoke`,
    token: me.token,
    key: chances.name(),
    body: { reason: "Its trips were not driven." },
  });
  if (answer.kind !== "done") return forget(actor, "revocation", answer);
  promises.keep({ kind: "revocation", id });
};

const refund = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const found = await wire.ask({ method: "GET", path: "/api/marketplace/orders?limit=50", token: me.token });
  const orders = found.kind === "done" ? listAt(found.body, "items") : [];
  const paid = orders.filter((order) => textAt(order, "status") === "completed");
  const paymentId = textAt(chances.pick(paid), "paymentId");
  if (!paymentId) return;
  const answer = await wire.insist({
    method: "POST",
    path: `/api/payments/${paymentId}/refund`,
    token: me.token,
    key: chances.name(),
    body: chances.number() < 0.5 ? { reason: "Goodwill." } : { reason: "A part.", amount: "0.01" },
  });
  if (answer.kind !== "done") return forget(actor, "refund", answer);
  promises.keep({ kind: "refund", id: textAt(answer.body, "refund.id") });
};

const decide = async (actor: Actor): Promise<void> => {
  const { wire, me, chances } = actor;
  const found = await wire.ask({ method: "GET", path: "/api/disputes?limit=50", token: me.token });
  const disputes = found.kind === "done" ? listAt(found.body, "items") : [];
  const id = textAt(chances.pick(disputes.filter((one) => textAt(one, "status") === "open")), "id");
  if (!id) return;
  const outcome = chances.pick(["refund", "release"] as const);
  const answer = await wire.insist({
    method: "POST",
    path: `/api/disputes/${id}/resolve`,
    token: me.token,
    key: chances.name(),
    body: { outcome },
  });
  if (answer.kind !== "done") forget(actor, "decision", answer);
};

/** The operator's day: disputes first, a refund now and then, a revocation rarely. */
export const operate = (actor: Actor): Promise<void> =>
  actor.chances.weighed([
    [4, decide],
    [2, refund],
    [1, revoke],
  ])(actor);

/** Webhooks that no gateway signed. One that is taken is a fault. */
export const forge = async ({ wire, chances }: Actor, believed: string[]): Promise<void> => {
  const gateway = chances.pick(["stripe", "paypal", "vnpay"] as const) ?? "stripe";
  const call =
    gateway === "vnpay"
      ? {
          method: "GET" as const,
          path: `/api/payments/webhook/vnpay?vnp_TxnRef=${chances.name()}&vnp_Amount=1`,
        }
      : {
          method: "POST" as const,
          path: `/api/payments/webhook/${gateway}`,
          body: { id: `evt_${chances.name()}`, type: "checkout.session.completed", data: { object: {} } },
        };
  const answer = await wire.ask(call);
  // VNPay wants 200 with a code of its own; 00 would be a yes.
  const taken = answer.kind === "done" && (gateway !== "vnpay" || textAt(answer.body, "RspCode") === "00");
  if (taken) believed.push(`A forged webhook of ${gateway} was taken.`);
};

/** Looks at what everybody may see. */
export const look = async ({ wire, chances }: Actor): Promise<void> => {
  const path = chances.pick([
    "/api/marketplace/listings?sort=price",
    "/api/marketplace/book",
    "/api/public/registry",
    "/api/public/certificates?limit=20",
    "/api/ai/market-trends",
    "/log/checkpoint",
    "/health/ready",
  ]);
  if (path) await wire.ask({ method: "GET", path });
};
