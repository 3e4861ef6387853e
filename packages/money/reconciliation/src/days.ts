import type { Gateway, GatewayName, Movement } from "@evx/adapters";
import type { Tx } from "@evx/db";
import { hour_ms, type Id, isCurrency, namedId } from "@evx/kernel";
import {
  bookDisputeFee,
  bookGatewayFee,
  type ChargeHere,
  capturedHere,
  chargesHere,
  type RequestContext,
} from "@evx/payments";
import { bookPayoutFee, type PayoutHere, payoutsHere } from "@evx/payouts";
import { differencesOf, type Found, finishedDays, type GatewayDay, namesOf } from "./policy.ts";
import type { ReconciliationPorts } from "./ports.ts";
import {
  dayRow,
  differencesOfDay,
  insertDifference,
  keepDay,
  keepMovements,
  markGone,
  movementsAbout,
} from "./queries/days.ts";

/** Money that arrived just before midnight may have been seen by us just after it, and the other way round. */
const LEAD_MS = hour_ms;

const aboutOf = ({ kind, ref, id }: Pick<Movement, "kind" | "ref" | "id">): string => `${kind} ${ref ?? id}`;

/** What a gateway lists for a day, and all that it says of the same things before and after. */
const listOf = async (
  ctx: RequestContext,
  gateway: Gateway,
  { from, to }: GatewayDay,
): Promise<{ ofDay: Movement[]; known: Movement[] }> => {
  const said = (await gateway.movements?.(new Date(from.getTime() - LEAD_MS), ctx.clock.now())) ?? [];
  const ofDay = said.filter(({ at }) => at >= from && at < to);
  const refs = ofDay.flatMap(({ ref }) => ref ?? []);
  const kept = refs.length > 0 ? await movementsAbout(ctx.db, gateway.name, refs) : [];
  const ids = new Set(said.map(({ id }) => id));
  const before = kept
    .filter(({ id }) => !ids.has(id))
    .map((row) => ({ ...row, gross: row.gross_minor, fee: row.fee_minor }));
  const about = new Set(ofDay.map(aboutOf));
  return { ofDay, known: [...before, ...said].filter((move) => about.has(aboutOf(move))) };
};

/** Asks about each charge of ours by itself, where the gateway has no list: what it says becomes one. */
const asked = async (gateway: Gateway, charges: readonly ChargeHere[]): Promise<Movement[]> => {
  const found: Movement[] = [];
  for (const charge of charges) {
    if (!charge.ref) continue;
    const state = await gateway.retrieveCheckout(charge.ref);
    if (state.status !== "paid") continue;
    const about = { ref: charge.charge, currency: state.currency, fee: 0n, at: new Date(0) };
    found.push({ ...about, id: `asked ${charge.charge}`, kind: "payment", gross: state.amount });
    if (state.refunded > 0n)
      found.push({ ...about, id: `asked back ${charge.charge}`, kind: "refund", gross: -state.refunded });
  }
  return found;
};

const sidesOf = async (ctx: RequestContext, gateway: Gateway, day: GatewayDay) => {
  const captured = await capturedHere(ctx.db, gateway.name, day);
  if (!gateway.movements) {
    const movements = await asked(gateway, captured);
    // What its clock said is not told; the payment's own day is this one.
    const ofDay = movements.map((move) => ({ ...move, at: day.from }));
    const sides = { movements, charges: captured, captured, payouts: [], sent: () => false };
    return { ofDay: ofDay.filter(({ kind }) => kind === "payment"), sides };
  }
  const { ofDay, known } = await listOf(ctx, gateway, day);
  const refs = [...new Set(ofDay.flatMap(({ ref }) => ref ?? []))];
  const charges = await chargesHere(ctx.db, gateway.name, refs);
  const all = await payoutsHere(ctx.db, gateway.name, {
    from: new Date(day.from.getTime() - 30 * 24 * hour_ms),
    to: ctx.clock.now(),
  });
  const inDay = await payoutsHere(ctx.db, gateway.name, {
    from: new Date(day.from.getTime() + LEAD_MS),
    to: new Date(day.to.getTime() - LEAD_MS),
  });
  const sent = new Set(inDay.map(({ withdrawalId }) => withdrawalId));
  const seen = (await gateway.movements(new Date(day.from.getTime() - LEAD_MS), day.to)).flatMap(
    ({ kind, ref }) => (kind === "payment" ? (ref ?? []) : []),
  );
  const sides = {
    movements: known,
    charges,
    captured: captured.filter(({ charge }) => !seen.includes(charge)),
    payouts: all,
    sent: ({ withdrawalId }: { withdrawalId: Id<"withdrawal"> }) => sent.has(withdrawalId),
  };
  return { ofDay, sides };
};

const keep = async (
  tx: Tx,
  gateway: GatewayName,
  day: GatewayDay,
  {
    ofDay,
    charges,
    payouts,
    found,
    listed,
  }: {
    ofDay: readonly Movement[];
    charges: readonly ChargeHere[];
    payouts: readonly PayoutHere[];
    found: readonly Found[];
    listed: boolean;
  },
): Promise<void> => {
  await keepDay(tx, gateway, day, listed);
  const chargeOf = (move: Movement) =>
    move.kind === "payout" ? undefined : charges.find(({ charge }) => charge === move.ref);
  await keepMovements(
    tx,
    gateway,
    day.day,
    ofDay.map((move) => ({ ...move, paymentId: chargeOf(move)?.paymentId ?? null })),
  );
  const known = await differencesOfDay(tx, gateway, day.day);
  const ids = new Set<Id<"difference">>();
  for (const one of found) {
    const name = `${gateway} ${day.day} ${one.kind} ${one.what} ${one.ref ?? ""} ${one.currency}`;
    const id = await namedId("difference", name);
    ids.add(id);
    await insertDifference(tx, { ...one, id, gateway, day: day.day });
  }
  const gone = known.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  if (gone.length > 0) await markGone(tx, gone);
  for (const move of ofDay) {
    const charge = chargeOf(move);
    if (move.kind === "payment" && charge && isCurrency(move.currency))
      await bookGatewayFee(tx, gateway, charge, { fee: move.fee, currency: move.currency });
    const { ref } = move;
    const payout = move.kind === "payout" && ref ? payouts.find((one) => namesOf(one).includes(ref)) : null;
    if (payout) await bookPayoutFee(tx, gateway, payout.withdrawalId, move);
  }
};

/** Books what the list says that disputes cost, where nothing else says it; answers the charges as they are then. */
const withDisputeFees = async (
  ctx: RequestContext,
  gateway: Gateway,
  movements: readonly Movement[],
  charges: readonly ChargeHere[],
): Promise<readonly ChargeHere[]> => {
  for (const { charge, paymentId, disputeFee } of charges) {
    const fee = movements.reduce(
      (sum, move) => (move.kind === "dispute" && move.ref === charge ? sum + move.fee : sum),
      0n,
    );
    if (fee > disputeFee) await ctx.transact((tx) => bookDisputeFee(tx, paymentId, fee));
  }
  return chargesHere(
    ctx.db,
    gateway.name,
    charges.map(({ charge }) => charge),
  );
};

/**
 * Compares a day of a gateway, from its own midnight to the next, with our books: payments, refunds, disputes, payouts
 * and fees. What differs waits for an operator, until it does no more. Runs any number of times.
 */
export const reconcileDay = async (
  ctx: RequestContext,
  gateway: Gateway,
  day: GatewayDay,
): Promise<readonly Found[]> => {
  const { ofDay, sides: seen } = await sidesOf(ctx, gateway, day);
  const sides = gateway.listsDisputeFees
    ? { ...seen, charges: await withDisputeFees(ctx, gateway, seen.movements, seen.charges) }
    : seen;
  const found = differencesOf(sides);
  const listed = gateway.movements !== undefined;
  await ctx.transact((tx) => keep(tx, gateway.name, day, { ofDay, ...sides, found, listed }));
  return found;
};

/** Compares each finished day that was not compared yet, or where something still differed. */
export const reconcileDays = async (ctx: RequestContext, ports: ReconciliationPorts): Promise<void> => {
  for (const gateway of Object.values(ports.gateways)) {
    for (const day of finishedDays(ctx.clock.now(), gateway.midnight_ms)) {
      const known = await dayRow(ctx.db, gateway.name, day.day);
      const open = known
        ? (await differencesOfDay(ctx.db, gateway.name, day.day)).some((row) => row.gone_at === null)
        : true;
      if (!open) continue;
      try {
        await reconcileDay(ctx, gateway, day);
      } catch (error) {
        ctx.log.warn(
          { error, gateway: gateway.name, day: day.day },
          "a day could not be compared; tried again",
        );
      }
    }
  }
};
