/** Reports that are lists of single rows: as long as there are rows, and never held at once. */

import type { Db } from "@evx/db";
import type { Cell } from "@evx/files";
import { allVehiclesOfOwner } from "@evx/garage";
import { type Currency, creditsFromGrams, type Id, textFromMinor } from "@evx/kernel";
import { completedWithin } from "@evx/orders";
import { tripsWithin } from "@evx/trips";
import type { Period } from "./policy.ts";
import { momentsOf } from "./queries/sums.ts";
import type { Sheet } from "./sheets.ts";

const portion = 2_000;

const saleColumns = [
  "orderId",
  "at",
  "sellerId",
  "buyerId",
  "credits",
  "pricePerCredit",
  "total",
  "platformFee",
  "cvaFee",
  "net",
  "currency",
  "vintage",
  "country",
  "method",
];

/** Completed orders of a seller, of a buyer, or of everybody, by when they were placed. */
export const salesSheet = async (
  db: Db,
  whose: { sellerId?: Id<"user">; buyerId?: Id<"user"> },
  period: Period,
): Promise<Sheet> => {
  const within = await momentsOf(db, period);
  async function* portions(): AsyncGenerator<Cell[][], void, void> {
    for (let after: { at: Date; id: string } | null = null; ; ) {
      const rows = await completedWithin(db, { ...whose, ...within }, after, portion);
      if (rows.length > 0)
        yield rows.map((order) => {
          const money = (minor: bigint) => textFromMinor(minor, order.currency as Currency);
          return [
            order.id,
            (order.ended_at ?? order.created_at).toISOString(),
            order.seller_id,
            order.buyer_id,
            creditsFromGrams(order.amount_g),
            money(order.price_minor),
            money(order.total_minor),
            money(order.platform_fee_minor),
            money(order.cva_fee_minor),
            money(order.net_minor),
            order.currency,
            order.vintage_year,
            order.country_code,
            order.method_code,
          ];
        });
      const last = rows.at(-1);
      if (!last || rows.length < portion) return;
      after = { at: last.created_at, id: last.id };
    }
  }
  return { columns: saleColumns, total: null, portions: portions() };
};

const tripColumns = [
  "tripId",
  "vehicleId",
  "start",
  "end",
  "distanceKm",
  "energyKwh",
  "co2SavedKg",
  "status",
];

/** The trips of an owner's vehicles, or of one of them, vehicle by vehicle. */
export const tripsSheet = async (
  db: Db,
  { userId, vehicleId }: { userId: Id<"user">; vehicleId?: Id<"vehicle"> | undefined },
  period: Period,
): Promise<Sheet> => {
  const within = await momentsOf(db, period);
  const vehicles = (await allVehiclesOfOwner(db, userId)).filter(
    ({ id }) => vehicleId === undefined || id === vehicleId,
  );
  async function* portions(): AsyncGenerator<Cell[][], void, void> {
    for (const vehicle of vehicles)
      for await (const rows of tripsWithin(db, vehicle, within, portion))
        yield rows.map((trip) => [
          trip.id,
          vehicle.id,
          trip.started_at.toISOString(),
          trip.ended_at.toISOString(),
          trip.distance_m / 1_000,
          trip.energy_wh === null ? null : trip.energy_wh / 1_000,
          Number(trip.co2_g) / 1_000,
          trip.status,
        ]);
  }
  return { columns: tripColumns, total: null, portions: portions() };
};
