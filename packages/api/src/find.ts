import { findVehicles } from "@evx/garage";
import { isId, momentOut, pageEntries, textOf } from "@evx/kernel";
import { createCallerFactory, operator, refusalOf, rest, router } from "@evx/rpc";
import * as v from "valibot";
import type { Rooms } from "./index.ts";

/** What an operator looks for, in the order in which it is shown. */
const kinds = ["user", "vehicle", "order", "payment", "certificate", "serial"] as const;

type Kind = (typeof kinds)[number];

const Find = v.object({
  ...pageEntries,
  q: textOf(120),
  /** One kind alone, page by page; without it the first of each. */
  kind: v.optional(v.picklist(kinds)),
});

const Found = v.object({
  kind: v.picklist(kinds),
  /** What its page is called by: an id, a certificate's number, a serial. */
  id: v.string(),
  title: v.string(),
  note: v.nullable(v.string()),
  /** Where it is shown when it has no page of its own: a vehicle's owner, an order's payment. */
  at: v.nullable(v.string()),
  money: v.nullable(v.object({ amount: v.string(), currency: v.string() })),
  createdAt: v.nullable(momentOut),
});

const Groups = v.object({
  groups: v.array(
    v.object({ kind: v.picklist(kinds), items: v.array(Found), nextCursor: v.nullable(v.string()) }),
  ),
});

type Item = v.InferInput<typeof Found>;
type Asked = { q: string; limit: number; cursor?: string | undefined };
type Answer = { items: Item[]; nextCursor: string | null };

const nothing: Answer = { items: [], nextCursor: null };
const bare = { note: null, at: null, money: null, createdAt: null };

/** One thing that is named exactly; nothing where it is not there. */
const one = async (ask: () => Promise<Item>): Promise<Answer> => {
  try {
    return { items: [await ask()], nextCursor: null };
  } catch (error) {
    const kind = refusalOf(error)?.kind;
    if (kind === "not_found" || kind === "invalid") return nothing;
    throw error;
  }
};

const callersOf = (rooms: Rooms) => createCallerFactory(rooms);

type Caller = ReturnType<ReturnType<typeof callersOf>>;

/** A serial number as the registry writes it: people type it, and phones begin it as they please. */
const asWritten = (q: string): string =>
  q.replace(
    /^(EVX-[A-Z]{2})-(.*)$/i,
    (_, head: string, rest: string) => `${head.toUpperCase()}-${rest.toLowerCase()}`,
  );

/** How each kind is found: every room searches by its own rules and rights. */
const finders: Record<Exclude<Kind, "vehicle">, (caller: Caller, asked: Asked) => Promise<Answer>> = {
  user: async (caller, asked) => {
    const { items, nextCursor } = await caller.identity.users.search(asked);
    return {
      items: items.map((row) => ({
        ...{ ...bare, kind: "user" as const, id: row.id, title: row.fullName, note: row.email },
        createdAt: new Date(row.createdAt),
      })),
      nextCursor,
    };
  },
  order: async (caller, { q }) =>
    isId("order", q)
      ? one(async () => {
          const { order } = await caller.marketplace.orders.byId({ id: q });
          return {
            ...{ kind: "order", id: q, title: q, note: null, at: order.paymentId },
            ...{ money: { amount: order.totalPrice, currency: order.currency } },
            createdAt: new Date(order.createdAt),
          };
        })
      : nothing,
  payment: async (caller, asked) => {
    const { items, nextCursor } = await caller.payments.all(asked);
    return {
      items: items.map((row) => ({
        ...{ kind: "payment" as const, id: row.id, title: row.id, at: null },
        ...{ note: row.buyerName, money: { amount: row.amount, currency: row.currency } },
        createdAt: new Date(row.createdAt),
      })),
      nextCursor,
    };
  },
  certificate: async (caller, asked) => {
    const { items, nextCursor } = await caller.verification.certificates.search(asked);
    return {
      items: items.map((row) => ({
        ...{ ...bare, kind: "certificate" as const, id: row.certificateNumber },
        ...{ title: row.certificateNumber, note: row.beneficiaryName ?? row.holderName },
        createdAt: new Date(row.issueDate),
      })),
      nextCursor,
    };
  },
  serial: async (caller, { q }) =>
    /^EVX-/i.test(q)
      ? one(async () => {
          const { serial } = await caller.credits.registry.timeline({ serial: asWritten(q) });
          return { ...bare, kind: "serial", id: serial, title: serial };
        })
      : nothing,
};

/**
 * One search over all rooms: people and vehicles by parts of words, with or without marks; orders and payments by their ids or the
 * gateway's; certificates by number or name; serials. Each room searches by its own rules and rights.
 */
export const findRouter = (rooms: Rooms) => {
  const callerOf = callersOf(rooms);
  return router({
    all: operator
      .meta(
        rest("GET", "/admin/search", {
          summary: "Find people, vehicles, orders, payments, certificates, serials",
        }),
      )
      .input(Find)
      .output(Groups)
      .query(async ({ ctx, input: { kind, q, limit, cursor } }) => {
        const caller = callerOf(ctx);
        const find = async (each: Kind): Promise<Answer> => {
          const asked = kind ? { q, limit, cursor } : { q, limit: Math.min(limit, 5) };
          if (each !== "vehicle") return finders[each](caller, asked);
          const { items, nextCursor } = await findVehicles(ctx.db, asked);
          return {
            items: items.map((row) => ({
              ...{ ...bare, kind: each, id: row.id, title: `${row.make} ${row.model} ${row.year}` },
              ...{ note: [row.plate, row.vin].filter(Boolean).join(", "), at: row.ownerId },
            })),
            nextCursor,
          };
        };
        const groups = await Promise.all(
          kinds
            .filter((each) => !kind || each === kind)
            .map(async (each) => ({ kind: each, ...(await find(each)) })),
        );
        return { groups: groups.filter(({ items }) => items.length > 0) };
      }),
  });
};
