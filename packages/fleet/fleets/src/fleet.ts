import type { Db } from "@evx/db";
import { afterCursor, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { everyVehicleOf, ownSavings } from "@evx/trips";
import type * as v from "valibot";
import { driversOf } from "./drivers.ts";
import { activeDrivers } from "./queries/drivers.ts";
import type * as S from "./schema.ts";

type Summary = Awaited<ReturnType<typeof everyVehicleOf>>[number];

const stateOf = (car: Summary): v.InferInput<typeof S.carState> => {
  if (car.ownedTo !== null) return "handed_over";
  if (car.tripCount === 0) return "empty";
  return car.claimableTrips > 0 ? "requestable" : "requested";
};

/** What a car is called: as on its number plate, else by its name. */
const nameOf = ({ plate, label, make, model }: Summary): string => plate ?? label ?? `${make} ${model}`;

const byName = new Intl.Collator("vi", { numeric: true });

const newer = (a: Summary, b: Summary): number => (a.id < b.id ? 1 : -1);

const orders: Record<v.InferOutput<typeof S.FleetCars>["order"], (a: Summary, b: Summary) => number> = {
  name: (a, b) => byName.compare(nameOf(a), nameOf(b)) || newer(a, b),
  distance: (a, b) => b.distanceKm - a.distanceKm || newer(a, b),
  requestable: (a, b) => Number(b.claimableCredits) - Number(a.claimableCredits) || newer(a, b),
  newest: newer,
};

/**
 * A page of the fleet: each car with its sums, what it waits for, and who drives it. A fleet is some thousands of cars at
 * most, so all are put in order here. A page goes on behind the last one's car, wherever that is by now; one that is not in the list is refused (`cursor_unknown`).
 */
export const fleetCars = async (
  db: Db,
  actor: Pick<Actor, "id">,
  { limit, cursor, q, order }: v.InferOutput<typeof S.FleetCars>,
  at: Date,
) => {
  const all = (await everyVehicleOf(db, actor, q)).sort(orders[order]);
  const from =
    afterCursor(cursor, ([last, ...rest]) => {
      const at = rest.length === 0 ? all.findIndex(({ id }) => id === last) : -1;
      return at < 0 ? null : at + 1;
    }) ?? 0;
  const rows = all.slice(from, from + limit + 1);
  const drivers = await driversOf(
    db,
    rows.map(({ id }) => id),
    at,
  );
  return pageFrom(
    rows,
    limit,
    (car) => ({ ...car, state: stateOf(car), drivers: drivers.get(car.id) ?? [] }),
    (car) => [car.id],
  );
};

/** The fleet in figures. */
export const fleetOf = async (
  db: Db,
  actor: Pick<Actor, "id">,
  at: Date,
): Promise<v.InferInput<typeof S.FleetView>> => {
  const { vehicles, trips, distanceKm, co2SavedKg, claimableCredits } = await ownSavings(
    db,
    actor,
    { period: "year" },
    at,
  );
  return {
    vehicles,
    drivers: await activeDrivers(db, actor.id),
    trips,
    distanceKm,
    co2SavedKg,
    claimableCredits,
  };
};
