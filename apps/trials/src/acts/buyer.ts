/** What a buyer does: find, order, pay at three gateways, bid, want, retire, give, object. */
import { listAt, textAt } from "../wire.ts";
import { type Actor, creditsOf, forget, gramsOf } from "./actor.ts";

const orderFrom = async (actor: Actor, body: object): Promise<string> => {
  const { wire, me, chances, promises } = actor;
  const answer = await wire.insist({
    method: "POST",
    path: "/api/marketplace/orders",
    token: me.token,
    key: chances.name(),
    body,
  });
  if (answer.kind !== "done") {
    forget(actor, "order", answer);
    return "";
  }
  const id = textAt(answer.body, "order.id");
  promises.keep({ kind: "order", id });
  return id;
};

/** A program that fills in the payment page, once more when nobody answered. The gateway answers 303 when it took it. */
const fillIn = async (page: string, fields: string): Promise<boolean> => {
  for (let tries = 0; tries < 4; tries++) {
    try {
      const response = await fetch(page, {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: fields,
        signal: AbortSignal.timeout(5_000),
      });
      await response.text();
      return response.status === 303;
    } catch {
      await Bun.sleep(400);
    }
  }
  return false;
};

const endings = {
  stripe: [
    [10, "card=4242424242424242"],
    [1, "card=4000000000000002"],
    [1, "card=4000000000000259"],
    [1, "card=4000000000007726"],
  ],
  paypal: [
    [10, "outcome=success"],
    [1, "outcome=pending"],
    [1, "outcome=pending_denied"],
    [1, "outcome=cancel"],
    [1, "outcome=dispute"],
  ],
  vnpay: [
    [10, "outcome=success"],
    [1, "outcome=fail"],
    [1, "outcome=cancel"],
  ],
} as const;

/** Pays an order; its webhook comes late, doubled or never, as the seed says. */
const pay = async (actor: Actor, orderId: string): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const method = chances.pick(["stripe", "paypal", "vnpay"] as const) ?? "stripe";
  const answer = await wire.insist({
    method: "POST",
    path: "/api/payments/checkout",
    token: me.token,
    key: chances.name(),
    body: { orderId, method },
  });
  if (answer.kind !== "done") return forget(actor, "checkout", answer);
  const page = textAt(answer.body, "redirectUrl");
  const ending = chances.weighed<string>(endings[method]);
  const mischief = chances.weighed([
    [5, ""],
    [2, "duplicate=3"],
    [2, `delay_ms=${chances.whole(200, 3_000)}`],
    [actor.dropsWebhooks ? 1 : 0, "drop=1"],
  ]);
  const asked = mischief ? `${page}${page.includes("?") ? "&" : "?"}${mischief}` : page;
  const twice = chances.number() < 0.15;
  const took = await Promise.all([fillIn(asked, ending), ...(twice ? [fillIn(asked, ending)] : [])]);
  // Of the others a yes at the page is no money yet: PayPal's is taken by the venue, VNPay's page shows what it was before.
  if (took.some(Boolean) && /4242$/.test(ending))
    promises.keep({ kind: "charge", id: orderId, said: method });
};

const aListing = async ({ wire, me, chances }: Actor, type: "fixed" | "auction"): Promise<unknown> => {
  const found = await wire.ask({
    method: "GET",
    path: `/api/marketplace/listings?type=${type}&limit=50`,
    token: me.token,
  });
  return found.kind === "done" ? chances.pick(listAt(found.body, "items")) : undefined;
};

export const buy = async (actor: Actor): Promise<void> => {
  const listing = await aListing(actor, "fixed");
  const left = gramsOf(textAt(listing, "creditsRemaining"));
  if (left < 2_000) return;
  const grams = actor.chances.number() < 0.3 ? left : actor.chances.whole(2_000, left);
  const id = await orderFrom(actor, { listingId: textAt(listing, "id"), creditsAmount: creditsOf(grams) });
  if (id && actor.chances.number() < 0.85) await pay(actor, id);
};

/** One order over many listings, sometimes retired as soon as it is paid. */
export const sweep = async (actor: Actor): Promise<void> => {
  const { wire, me, chances } = actor;
  const quoted = await wire.insist({
    method: "POST",
    path: "/api/marketplace/quotes",
    token: me.token,
    body: { creditsAmount: creditsOf(chances.whole(4_000, 30_000)) },
  });
  if (quoted.kind !== "done") return forget(actor, "quote", quoted);
  const retire = chances.number() < 0.3 ? { retire: { beneficiaryName: "Trials Ltd", reason: "event" } } : {};
  const id = await orderFrom(actor, { quoteId: textAt(quoted.body, "quote.id"), ...retire });
  if (id) await pay(actor, id);
};

export const bid = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const listing = await aListing(actor, "auction");
  const listingId = textAt(listing, "id");
  if (!listingId) return;
  const from = Number(textAt(listing, "currentBid") || textAt(listing, "pricePerCredit") || "1");
  const bidAmount = (from * (1 + chances.whole(1, 30) / 100)).toFixed(2);
  const answer = await wire.insist({
    method: "POST",
    path: "/api/marketplace/bids",
    token: me.token,
    key: chances.name(),
    body: { listingId, bidAmount },
  });
  if (answer.kind !== "done") return forget(actor, "bid", answer);
  promises.keep({ kind: "bid", id: textAt(answer.body, "bid.id"), said: listingId });
};

export const want = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const answer = await wire.insist({
    method: "POST",
    path: "/api/marketplace/wanted",
    token: me.token,
    key: chances.name(),
    body: {
      creditsAmount: creditsOf(chances.whole(3_000, 15_000)),
      maxPrice: `${chances.whole(150, 350)}.00`,
    },
  });
  if (answer.kind !== "done") return forget(actor, "wanted", answer);
  promises.keep({ kind: "wanted", id: textAt(answer.body, "wanted.id") });
};

const myOrders = async ({ wire, me }: Actor, status: string): Promise<unknown[]> => {
  const answer = await wire.ask({
    method: "GET",
    path: `/api/marketplace/orders/${me.id}?limit=50`,
    token: me.token,
  });
  if (answer.kind !== "done") return [];
  return listAt(answer.body, "items").filter(
    (order) => textAt(order, "status") === status && textAt(order, "buyerId") === me.id,
  );
};

/** What a wanted order or an auction led to is paid too; a few are let go. */
export const payWaiting = async (actor: Actor): Promise<void> => {
  const id = textAt(actor.chances.pick(await myOrders(actor, "pending_payment")), "id");
  if (!id) return;
  if (actor.chances.number() < 0.85) return pay(actor, id);
  const path = `/api/marketplace/orders/${id}/cancel`;
  await actor.wire.insist({ method: "POST", path, token: actor.me.token, body: {} });
};

export const object = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const id = textAt(chances.pick(await myOrders(actor, "completed")), "id");
  if (!id) return;
  const answer = await wire.insist({
    method: "POST",
    path: `/api/marketplace/orders/${id}/dispute`,
    token: me.token,
    key: chances.name(),
    body: { reason: "These are not the credits that I was shown." },
  });
  if (answer.kind !== "done") return forget(actor, "dispute", answer);
  promises.keep({ kind: "dispute", id: textAt(answer.body, "dispute.id") });
};

/** Retires some grams, or gives them to another. */
export const useCredits = async (actor: Actor, others: readonly string[]): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const wallet = await wire.ask({ method: "GET", path: `/api/wallet/${me.id}`, token: me.token });
  const free = wallet.kind === "done" ? gramsOf(textAt(wallet.body, "balance")) : 0;
  if (free < 10) return;
  const amount = creditsOf(chances.whole(1, free));
  const toUserId = chances.pick(others.filter((id) => id !== me.id));
  if (toUserId && chances.number() < 0.4) {
    const given = await wire.insist({
      method: "PUT",
      path: "/api/credits/transfer",
      token: me.token,
      body: { toUserId, amount, transferId: chances.name() },
    });
    if (given.kind !== "done") return forget(actor, "transfer", given);
    return promises.keep({ kind: "transfer", id: textAt(given.body, "transfer.id"), said: amount });
  }
  const retired = await wire.insist({
    method: "POST",
    path: "/api/credits/retire",
    token: me.token,
    key: chances.name(),
    body: { amount, beneficiaryName: "Trials Ltd", beneficiaryCountry: "VN", reason: "event" },
  });
  if (retired.kind !== "done") return forget(actor, "retirement", retired);
  promises.keep({
    kind: "retirement",
    id: textAt(retired.body, "certificate.certificateNumber"),
    said: amount,
  });
};
