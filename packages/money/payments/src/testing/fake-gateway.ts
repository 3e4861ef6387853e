import {
  type CheckoutOrder,
  type CheckoutState,
  ForgedWebhook,
  type Gateway,
  GatewayFault,
  type Movement,
  type Notice,
  type PayoutOrder,
  type PayoutState,
  type RawWebhook,
  type Recipient,
  type RefundOrder,
  type RefundState,
} from "@evx/adapters";
import { type Currency, newId } from "@evx/kernel";
import type { PaymentsPorts } from "../ports.ts";

type Page = CheckoutState;

const missing = () => new GatewayFault("stripe", "refused", "resource_missing");

/**
 * A gateway in memory that keeps its promises (keys, states) and can be told to misbehave: to be silent before or
 * after it did its work, to decline, to pay another amount, to dispute. What the wire does is tested elsewhere.
 */
export class FakeGateway implements Gateway {
  readonly name = "stripe";
  readonly midnight_ms = 0;
  /** What it says moved, as a test put it there. */
  readonly moves: Movement[] = [];
  readonly calls: string[] = [];
  /** What it charges for an amount; the same, until a test says otherwise. */
  charges: Gateway["chargeFor"] = (amount, currency) => ({ amount, currency });
  readonly payouts = new Map<string, PayoutState & { amount: bigint }>();
  readonly recalled = new Set<string>();
  readonly refunds = new Map<string, RefundState>();
  /** Which refunds have taken how much of a page: one that fails gives it back. */
  readonly #refunded = new Map<string, { page: string; amount: bigint }>();
  readonly #pages = new Map<string, Page>();
  readonly #keys = new Map<string, string>();
  #silent: { calls: number; after: boolean } = { calls: 0, after: false };
  #payoutFate: PayoutState["status"] = "sent";
  #refundFate: RefundState["status"] = "succeeded";

  /** Does one call; where silence was asked for, the caller hears nothing of what was done or not done. */
  async #answer<T>(name: string, work: () => T): Promise<T> {
    this.calls.push(name);
    // A real call takes turns with other work; so must this one, or races would never be seen.
    await Bun.sleep(1);
    if (this.#silent.calls === 0) return work();
    this.#silent = { ...this.#silent, calls: this.#silent.calls - 1 };
    if (this.#silent.after) work();
    throw new GatewayFault("stripe", "unavailable", "silence");
  }

  #page(ref: string): Page {
    const state = this.#pages.get(ref);
    if (!state) throw missing();
    return state;
  }

  #changePage(ref: string, more: Partial<Page>): void {
    this.#pages.set(ref, { ...this.#page(ref), ...more });
  }

  /** The newest page of a payment. */
  #refOf(paymentId: string): string {
    const ref = [...this.#pages.values()].findLast((state) => state.paymentId === paymentId)?.ref;
    if (!ref) throw new Error(`No page was opened for ${paymentId}`);
    return ref;
  }

  createCheckout(order: CheckoutOrder): Promise<CheckoutState> {
    return this.#answer("createCheckout", () => {
      const content = JSON.stringify({ ...order, amount: order.amount.toString() });
      const known = this.#keys.get(order.key);
      if (known && known !== content) throw new GatewayFault("stripe", "key_reused", "idempotency_error");
      this.#keys.set(order.key, content);
      const ref = `cs_${order.key}`;
      if (!known) {
        this.#pages.set(ref, {
          ref,
          status: "open",
          redirectUrl: `http://gateway/${ref}`,
          chargeRef: null,
          paymentId: order.paymentId,
          amount: order.amount,
          currency: order.currency,
          refunded: 0n,
          dispute: null,
          failure: null,
        });
      }
      return this.#page(ref);
    });
  }

  retrieveCheckout(ref: string): Promise<CheckoutState> {
    return this.#answer("retrieveCheckout", () => this.#page(ref));
  }

  expireCheckout(ref: string): Promise<CheckoutState> {
    return this.#answer("expireCheckout", () => {
      if (this.#page(ref).status !== "paid") this.#changePage(ref, { status: "expired", redirectUrl: null });
      return this.#page(ref);
    });
  }

  paymentOfCharge(chargeRef: string): Promise<string | null> {
    return this.#answer("paymentOfCharge", () => {
      const page = [...this.#pages.values()].find((state) => state.chargeRef === chargeRef);
      return page?.paymentId ?? null;
    });
  }

  refund(order: RefundOrder): Promise<RefundState> {
    return this.#answer("refund", () => {
      const known = this.refunds.get(order.key);
      if (known) return known;
      const paid = [...this.#pages.values()].find(({ chargeRef }) => chargeRef === order.chargeRef);
      const closed = paid?.dispute === "open" || paid?.dispute === "lost";
      if (closed) throw new GatewayFault("stripe", "refused", "charge_disputed");
      if (paid && paid.refunded + order.amount > paid.amount)
        throw new GatewayFault("stripe", "refused", "charge_already_refunded");
      const state = { ref: `re_${order.key}`, status: this.#refundFate, failure: null };
      this.refunds.set(order.key, state);
      if (!paid || state.status === "failed") return state;
      this.#refunded.set(order.key, { page: paid.ref, amount: order.amount });
      this.#changePage(paid.ref, { refunded: paid.refunded + order.amount });
      return state;
    });
  }

  retrieveRefund(ref: string): Promise<RefundState> {
    return this.#answer("retrieveRefund", () => {
      const state = this.refunds.get(ref.slice("re_".length));
      if (!state) throw missing();
      return state;
    });
  }

  movements(from: Date, to: Date): Promise<readonly Movement[]> {
    return this.#answer("movements", () => this.moves.filter(({ at }) => at >= from && at < to));
  }

  openRecipient({ userId }: Recipient): Promise<string> {
    return this.#answer("openRecipient", () => `acct_${userId}`);
  }

  payout(order: PayoutOrder): Promise<PayoutState> {
    return this.#answer("payout", () => {
      const ref = `po_${order.key}`;
      const known = this.payouts.get(ref);
      if (known) return known;
      const status = this.#payoutFate;
      const state = { ref, status, failure: status === "failed" ? "no_account" : null };
      this.payouts.set(ref, { ...state, amount: order.amount });
      return state;
    });
  }

  retrievePayout(ref: string): Promise<PayoutState> {
    return this.#answer("retrievePayout", () => {
      const state = this.payouts.get(ref);
      if (!state) throw missing();
      return state;
    });
  }

  recallPayout(ref: string): Promise<void> {
    return this.#answer("recallPayout", () => {
      this.recalled.add(ref);
    });
  }

  chargeFor(amount: bigint, currency: Currency) {
    return this.charges(amount, currency);
  }

  async verifyWebhook({ rawBody, headers }: RawWebhook): Promise<Notice> {
    if (headers.get("x-signature") !== "good") throw new ForgedWebhook("The signature is not the gateway's.");
    const notice = JSON.parse(rawBody) as Omit<Notice, "at"> & { at: string };
    return { ...notice, at: new Date(notice.at) };
  }

  /** The newest page of a payment as it stands there; undefined before one was opened. */
  pageOf(paymentId: string): CheckoutState | undefined {
    return [...this.#pages.values()].findLast((state) => state.paymentId === paymentId);
  }

  get pageCount(): number {
    return this.#pages.size;
  }

  /** The buyer pays on the payment's newest page, or on the one named. */
  pay(paymentId: string, more: Partial<CheckoutState> = {}, ref = this.#refOf(paymentId)): void {
    const paid = { status: "paid", redirectUrl: null, chargeRef: `pi_${ref}`, failure: null } as const;
    this.#changePage(ref, { ...paid, ...more });
  }

  decline(paymentId: string, failure = "generic_decline"): void {
    this.#changePage(this.#refOf(paymentId), { status: "declined", failure });
  }

  change(paymentId: string, more: Partial<CheckoutState>): void {
    this.#changePage(this.#refOf(paymentId), more);
  }

  /** The next calls fail, before they do their work or after it. */
  beSilent(calls: number, when: "before" | "after"): void {
    this.#silent = { calls, after: when === "after" };
  }

  payoutsWill(status: PayoutState["status"]): void {
    this.#payoutFate = status;
  }

  refundsWill(status: RefundState["status"]): void {
    this.#refundFate = status;
  }

  endRefund(refundId: string, status: RefundState["status"], failure: string | null = null): void {
    this.refunds.set(refundId, { ref: `re_${refundId}`, status, failure });
    const sent = this.#refunded.get(refundId);
    if (status !== "failed" || !sent) return;
    this.#refunded.delete(refundId);
    this.#changePage(sent.page, { refunded: this.#page(sent.page).refunded - sent.amount });
  }

  endPayout(withdrawalId: string, status: PayoutState["status"], failure: string | null = null): void {
    const ref = `po_${withdrawalId}`;
    const known = this.payouts.get(ref);
    if (!known) throw new Error(`No payout ${ref}`);
    this.payouts.set(ref, { ...known, status, failure });
  }

  /** A webhook as this gateway sends it. */
  webhook(subject: Notice["subject"], id: string = newId("event")) {
    return {
      gateway: "stripe" as const,
      rawBody: JSON.stringify({ id, type: "test", at: "2026-03-01T00:00:00Z", subject }),
      query: "",
      headers: new Headers({ "x-signature": "good" }),
    };
  }
}

/** Ports for tests, with a fake gateway unless others are given. */
export const testPorts = (more: Partial<PaymentsPorts> = {}): PaymentsPorts => ({
  gateways: { stripe: new FakeGateway() },
  webUrl: "http://web",
  ...more,
});
