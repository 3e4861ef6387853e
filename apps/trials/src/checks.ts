/** What must hold after a run, each said in a sentence where it does not. */
import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { Db } from "@evx/db";
import { auditBooks } from "@evx/ledger";
import { monitor, overNetwork, type Remembered } from "@evx/proof/monitor";
import { gramsOf } from "./acts/actor.ts";
import type { Parts } from "./parts.ts";
import { commandLine } from "./people.ts";
import type { Promised, PromiseKind } from "./promises.ts";
import {
  bookedPages,
  endingsOf,
  givenUp,
  gramFaults,
  gramsMoved,
  type KnownTable,
  known,
  salesFaults,
  tripsOfImports,
} from "./queries/endings.ts";
import { textAt } from "./wire.ts";

/** Where what was promised must be found. */
const places: Partial<Record<PromiseKind, readonly KnownTable[]>> = {
  account: [{ table: "identity.user", column: "id" }],
  vehicle: [{ table: "vehicles.vehicle", column: "id" }],
  import: [{ table: "vehicles.import", column: "id" }],
  request: [{ table: "verification.request", column: "id" }],
  approval: [{ table: "credits.batch", column: "request_id" }],
  listing: [{ table: "marketplace.listing", column: "id" }],
  order: [
    { table: "marketplace.order", column: "id" },
    { table: "marketplace.sweep", column: "id" },
  ],
  bid: [{ table: "marketplace.bid", column: "id" }],
  wanted: [{ table: "marketplace.wanted", column: "id" }],
  transfer: [{ table: "ledger.transfer", column: "id" }],
  retirement: [{ table: "verification.certificate", column: "number" }],
  withdrawal: [{ table: "payments.withdrawal", column: "id" }],
  refund: [{ table: "payments.refund", column: "id" }],
  dispute: [{ table: "marketplace.dispute", column: "id" }],
  revocation: [{ table: "verification.revocation", column: "certificate_id" }],
};

/** Each acknowledged write that is not there, or is not as it was said. */
const brokenPromises = async (db: Db, promises: readonly Promised[]): Promise<string[]> => {
  const faults: string[] = [];
  const idsOf = (kind: PromiseKind) => promises.filter((one) => one.kind === kind).map(({ id }) => id);
  for (const [kind, tables] of Object.entries(places) as [PromiseKind, readonly KnownTable[]][]) {
    const ids = idsOf(kind);
    const found = await Promise.all(tables.map((table) => known(db, table, ids)));
    for (const id of ids)
      if (!found.some((set) => set.has(id))) faults.push(`An acknowledged ${kind} is gone: ${id}`);
  }
  const trips = await tripsOfImports(db, idsOf("import"));
  const moved = await gramsMoved(db, [...idsOf("retirement"), ...idsOf("transfer")]);
  for (const { kind, id, said } of promises) {
    if (kind === "import" && (trips.get(id) ?? 0) !== Number(said))
      faults.push(`Import ${id} said ${said} trips; ${trips.get(id) ?? 0} are there.`);
    if ((kind === "retirement" || kind === "transfer") && moved.get(id) !== BigInt(gramsOf(said ?? "")))
      faults.push(`The ${kind} ${id} said ${said}; ${moved.get(id) ?? "nothing"} g are there.`);
  }
  return faults;
};

/** What the gateways' own books say was paid: a page's name, as ours knows it. */
const paidThere = (parts: Parts): { gateway: string; ref: string }[] => {
  const store = new Database(join(parts.dataDir, "gateways.sqlite"), { readonly: true });
  try {
    const bodies = (kind: string) =>
      store
        .query<{ body: string }, [string]>("select body from thing where kind = ?")
        .all(kind)
        .map(({ body }): unknown => JSON.parse(body));
    const stripe = bodies("checkout.session").filter((one) => textAt(one, "payment_status") === "paid");
    const paypal = bodies("paypal.capture").filter((one) =>
      ["COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"].includes(textAt(one, "status")),
    );
    const vnpay = bodies("vnpay.transaction").filter((one) => textAt(one, "said.vnp_ResponseCode") === "00");
    return [
      ...stripe.map((one) => ({ gateway: "stripe", ref: textAt(one, "id") })),
      ...paypal.map((one) => ({ gateway: "paypal", ref: textAt(one, "orderId") })),
      ...vnpay.map((one) => ({ gateway: "vnpay", ref: textAt(one, "said.vnp_TxnRef") })),
    ];
  } finally {
    store.close();
  }
};

/** Money that a gateway took and that our books do not know. */
export const unbookedMoney = async (db: Db, parts: Parts): Promise<string[]> => {
  const pages = await bookedPages(db);
  return paidThere(parts)
    .filter(({ ref }) => {
      const page = pages.find((one) => one.ref === ref || one.ref.startsWith(ref) || one.ref.includes(ref));
      return !page?.received;
    })
    .map(({ gateway, ref }) => `money: ${gateway} took it for ${ref}, and our books do not know it`);
};

export type Look = { faults: readonly string[]; remember: Remembered | null; size: number };

/** Looks at the registry from outside, as a stranger's monitor does; `remembered` shows whether the log forked. */
export const watched = async (url: string, remembered: Remembered | null): Promise<Look> =>
  monitor({ url, fetch: overNetwork, remembered, patience_ms: 15_000 });

/** Every invariant, after everything has come to rest. */
export const faultsAfter = async (
  db: Db,
  parts: Parts,
  { promises, remembered }: { promises: readonly Promised[]; remembered: Remembered | null },
): Promise<string[]> => {
  const books = (await auditBooks(db)).map(
    ({ rule, subject, detail }) => `Books: ${rule}: ${subject}, ${detail}`,
  );
  const charged = promises.filter(({ kind }) => kind === "charge");
  const endings = await endingsOf(
    db,
    charged.map(({ id }) => id),
  );
  const paid = charged
    .filter(({ id }) => !/settled|refunded|disputed/.test(endings.get(id) ?? ""))
    .map(
      ({ id, said }) => `${said} took the money for ${id}, which ended as ${endings.get(id) ?? "nothing"}.`,
    );
  const outside = await watched(parts.url, remembered);
  const inside = await commandLine(parts, "registry", "verify");
  const told = inside.ok ? [] : [`Registry verify: ${inside.err.trim()}`];
  return [
    ...books,
    ...(await salesFaults(db)),
    ...(await gramFaults(db)),
    ...(await unbookedMoney(db, parts)),
    ...paid,
    ...(await givenUp(db)),
    ...(await brokenPromises(db, promises)),
    ...outside.faults.map((fault) => `Monitor: ${fault}`),
    ...told,
  ];
};
