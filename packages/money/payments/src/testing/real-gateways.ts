import { type GatewayName, paypalGateway, stripeGateway, vnpayGateway } from "@evx/adapters";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { startEmulator } from "@evx/gateways";
import { drain, jobContext } from "@evx/jobs/testing";
import { type Currency, type Minor, minorFromText, newId, Refusal, textFromMinor } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { sql } from "kysely";
import { checkout } from "../checkout.ts";
import { paymentsJobs } from "../jobs.ts";
import { noteFromGateway } from "../operator.ts";
import { pollPayment } from "../polling.ts";
import type { PaymentsPorts } from "../ports.ts";
import { attemptRows, type NewPayment, paymentRow } from "../queries/payments.ts";
import { refundsOfPayment } from "../queries/refunds.ts";
import { advanceRefund } from "../refund-sending.ts";
import { aPayment } from "./payments.ts";

const keys = {
  stripe: { secretKey: "sk_test_real_wires", webhookSecret: "whsec_real_wires" },
  paypal: { clientId: "client", secret: "secret", webhookId: "hook" },
  vnpay: { tmnCode: "EVXTEST1", hashSecret: "hash-secret" },
};

type Ways = {
  /** By which address our adapters reach the emulator's. */
  via?: (url: string) => string;
  /** Who hears its webhooks; nobody unless given. */
  hook?: string;
};

/** The emulator of all three wires, and our adapters that speak to it. */
const wires = (t: Pick<TestDatabase, "clock">, { via = (url) => url, hook = "http://127.0.0.1:9" }: Ways) => {
  const emulator = startEmulator({
    port: 0,
    webhookUrl: hook === "http://127.0.0.1:9" ? [] : `${hook}/stripe`,
    ...keys.stripe,
    clock: t.clock,
    pace: { payout_ms: 0, refund_ms: 1e12, dispute_ms: 0, retry_ms: 10 },
    paypal: { ...keys.paypal, webhookUrl: `${hook}/paypal` },
    vnpay: { ...keys.vnpay, ipnUrl: `${hook}/vnpay` },
  });
  const apiBase = via(emulator.url);
  const gateways = {
    stripe: stripeGateway({
      secretKey: keys.stripe.secretKey,
      webhookSecrets: [keys.stripe.webhookSecret],
      apiBase,
      retries: 0,
    }),
    paypal: paypalGateway({ ...keys.paypal, apiBase }),
    vnpay: vnpayGateway(
      {
        ...keys.vnpay,
        payUrl: `${emulator.url}/paymentv2/vpcpay.html`,
        apiUrl: `${apiBase}/merchant_webapi/api/transaction`,
        rate: 25_400,
      },
      () => t.clock.now(),
    ),
  };
  return { emulator, gateways };
};

const wordOf = {
  stripe: {
    success: { card: "4242424242424242" },
    fail: { card: "4000000000000002" },
  },
  others: { success: { outcome: "success" }, fail: { outcome: "fail" }, pending: { outcome: "pending" } },
};

export const operator: Actor = {
  id: newId("user"),
  email: "operator@example.com",
  name: "Operator",
  roles: ["admin"],
} as unknown as Actor;

/** What a person or a bank may be at: nothing happens where that cannot be there and then. */
const unless = async (act: Promise<unknown>): Promise<void> => {
  await act.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
};

type Base = Awaited<ReturnType<typeof baseOf>>;

const baseOf = async (name: GatewayName, ways: Ways) => {
  const t = await testDatabase();
  const { emulator, gateways } = wires(t, ways);
  const ports: PaymentsPorts = { webUrl: "http://web", gateways };
  const currency: Currency = name === "vnpay" ? "VND" : "USD";
  const amount = name === "vnpay" ? 313_436n : 1_234n;
  const gateway = gateways[name];
  return {
    t,
    ctx: jobContext(t),
    emulator,
    ports,
    gateway,
    jobs: paymentsJobs(ports),
    name,
    currency,
    amount,
  };
};

/** A charge as its gateway names it, and amounts as on its wire. */
const chargeOf = async ({ t, name }: Base, payment: NewPayment): Promise<string | null> => {
  const pages = await attemptRows(t.db, payment.id);
  const ref = pages.findLast((page) => page.charge_ref !== null)?.charge_ref ?? null;
  return name === "vnpay" ? (ref?.split(".")[0] ?? null) : ref;
};
const wireOf = ({ name, currency }: Base, minor: Minor): string => {
  if (name === "paypal") return textFromMinor(minor, currency);
  return String(name === "vnpay" ? minor * 100n : minor);
};
const minorOf = ({ name, currency }: Base, text: string): Minor => {
  if (name === "paypal") return minorFromText(Number(text).toFixed(2), currency) ?? 0n;
  return BigInt(text) / (name === "vnpay" ? 100n : 1n);
};

/** A bank's hand, or the gateway's own dashboard; answers whether it could be done. */
const hand = async (base: Base, payment: NewPayment, act: string, part?: Minor): Promise<boolean> => {
  const charge = await chargeOf(base, payment);
  if (charge === null) return false;
  const body = new URLSearchParams({ act, ...(part === undefined ? {} : { amount: wireOf(base, part) }) });
  const answer = await fetch(`${base.emulator.url}/bank/${base.name}/${charge}`, { method: "POST", body });
  return answer.status === 204;
};

const page = ({ ctx, ports, name }: Base, payment: NewPayment): Promise<string | null> => {
  const asked = { orderId: payment.orderId, buyerId: payment.buyerId, method: name, locale: "en" } as const;
  return checkout(ctx, ports, asked).then(
    ({ redirectUrl }) => redirectUrl,
    (error: unknown) => {
      if (error instanceof Refusal) return null;
      throw error;
    },
  );
};

/** What the buyer does on the page, where there is one; the gateway tells nobody. */
const choose = async (base: Base, payment: NewPayment, what: "success" | "fail" | "pending") => {
  const form: Record<string, string> | undefined =
    base.name === "stripe" ? (what === "pending" ? undefined : wordOf.stripe[what]) : wordOf.others[what];
  const url = form ? await page(base, payment) : null;
  if (!url || !form) return;
  await fetch(`${url}?drop=1`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
};

/** Asks the gateway about a payment and its refunds, as any of its webhooks would have us do. */
const look = async ({ ctx, ports, t }: Base, payment: NewPayment): Promise<void> => {
  await pollPayment(ctx, ports, payment.id, { closedToo: true });
  for (const refund of await refundsOfPayment(t.db, payment.id))
    if (refund.ref) await advanceRefund(ctx, ports, refund.id);
};

type Letter = { amount: Minor; is: "open" | "won" | "lost" };

/** What a gateway does not say on its wire: it stands in letters and in its dashboard, and an operator notes it. */
const lettersOf = (base: Base) => {
  const { t, ports, name, currency, amount, emulator } = base;
  const letters = new Map<string, Letter>();
  const taken = (payment: NewPayment): Minor => {
    const letter = letters.get(payment.id);
    return letter?.is === "lost" ? letter.amount : 0n;
  };
  const leftThere = async (payment: NewPayment): Promise<Minor> => {
    const charge = await chargeOf(base, payment);
    if (charge === null) return 0n;
    const answer = await fetch(`${emulator.url}/bank/${name}/${charge}`);
    return minorOf(base, await answer.text()) - taken(payment);
  };
  const note = (payment: NewPayment, said: Omit<Parameters<typeof noteFromGateway>[3], "paymentId">) =>
    unless(t.transact((tx) => noteFromGateway(tx, ports, operator, { paymentId: payment.id, ...said })));
  const noteGone = async (payment: NewPayment): Promise<void> => {
    await look(base, payment);
    const gone = amount - (await leftThere(payment)) - taken(payment);
    await note(payment, { refunded: textFromMinor(gone, currency) });
  };
  return {
    leftThere,
    /** A dispute comes, or is decided. */
    async dispute(payment: NewPayment, what: "dispute" | "win" | "lose"): Promise<void> {
      if (name !== "vnpay") return void (await hand(base, payment, what));
      const letter = letters.get(payment.id);
      const left = await leftThere(payment);
      if (what === "dispute" ? letter !== undefined || left <= 0n : !letter || letter.is === "won") return;
      if (what === "lose" && letter?.is === "lost") return;
      const about = letter?.amount ?? left;
      const is = what === "dispute" ? "open" : what === "win" ? "won" : "lost";
      letters.set(payment.id, { amount: about, is });
      await note(payment, { dispute: is, disputed: textFromMinor(about, currency) });
    },
    /** A part goes back in the gateway's own dashboard. */
    async giveBackThere(payment: NewPayment, part: Minor): Promise<void> {
      const letter = letters.get(payment.id);
      if (letter && letter.is !== "won") return;
      if ((await hand(base, payment, "refund", part)) && name === "vnpay") await noteGone(payment);
    },
    /** The buyer's bank sends the newest refund back. */
    async returnRefund(payment: NewPayment): Promise<void> {
      if ((await hand(base, payment, "refund_failed")) && name === "vnpay") await noteGone(payment);
    },
  };
};

/** What the books say lies at the gateway of a payment, and what of it lies in escrow; without what gateways charge. */
const booked = async ({ t }: Base, payment: NewPayment) => {
  const { rows } = await sql<{ kind: string; sum: bigint }>`
    select a.kind, sum(e.amount)::int8 as sum from ledger.transfer t
    join ledger.entry e on e.transfer_id = t.id join ledger.account a on a.id = e.account_id
    where t.kind not in ('gateway_fee', 'dispute_fee') and a.kind in ('clearing', 'escrow') and (
      t.memo->>'paymentId' = ${payment.id}
      or t.memo->>'refundId' in (select id from payments.refund where payment_id = ${payment.id})
      or t.id = (select sale_id from payments.payment where id = ${payment.id}))
    group by a.kind`.execute(t.admin);
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.sum ?? 0n;
  return { there: -of("clearing"), escrow: of("escrow") };
};

/** One gateway over its real wire, its buyers, its banks and its dashboard, and what lies there in truth. */
export const realGateway = async (name: GatewayName, ways: Ways = {}) => {
  const base = await baseOf(name, ways);
  const { t, emulator, jobs, amount, currency } = base;
  return {
    ...base,
    ...lettersOf(base),
    begin: () => aPayment(t, { amount_minor: amount, currency }),
    hand: (payment: NewPayment, act: string) => hand(base, payment, act),
    choose: (payment: NewPayment, what: "success" | "fail" | "pending") => choose(base, payment, what),
    look: (payment: NewPayment) => look(base, payment),
    page: (payment: NewPayment) => page(base, payment),
    booked: (payment: NewPayment) => booked(base, payment),
    work: () => drain(t, jobs),
    rowOf: async (payment: NewPayment) => {
      const row = await paymentRow(t.db, payment.id);
      if (!row) throw new Error("the payment is gone");
      return row;
    },
    async stop() {
      await emulator.stop();
      await t.close();
    },
  };
};

export type RealGateway = Awaited<ReturnType<typeof realGateway>>;
