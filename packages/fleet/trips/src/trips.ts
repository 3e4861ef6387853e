import type { Db } from "@evx/db";
import { baselineOf, type FrozenFactors, factorsAt } from "@evx/emissions";
import { periodIn, type VehicleRow, visibleVehicle } from "@evx/garage";
import { afterId, type Id, type Locale, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { basisRow } from "./queries/claims.ts";
import { trackPoints, tripPage, tripRow } from "./queries/trip-pages.ts";
import type * as S from "./schema.ts";
import { bothMethods, positionView, tripView } from "./views.ts";

/** A page of a vehicle's trips, for its owner and for those who verify. */
export const listTrips = async (
  db: Db,
  actor: Actor,
  input: v.InferOutput<typeof S.ListTrips>,
  locale: Locale,
) => tripsOfVehicle(db, await visibleVehicle(db, actor, input.id), input, locale);

/** The same of a vehicle that somebody's right to see was checked for. */
export const tripsOfVehicle = async (
  db: Db,
  vehicle: Pick<VehicleRow, "id" | "car_id" | "zone">,
  input: Omit<v.InferOutput<typeof S.ListTrips>, "id">,
  locale: Locale,
) => {
  const after = afterId("trip", input.cursor);
  const { from, to } = await periodIn(db, vehicle.zone, input);
  const rows = await tripPage(
    db,
    {
      carId: vehicle.car_id,
      vehicleId: vehicle.id,
      from: from ?? null,
      to: to ?? null,
      status: input.status ?? null,
      flagged: input.flagged ?? null,
      importId: input.importId ?? null,
      oldestFirst: input.order === "oldest",
    },
    input.limit + 1,
    after,
  );
  return pageFrom(
    rows,
    input.limit,
    (row) => tripView(row, locale),
    (row) => [row.id],
  );
};

/** One trip with its track, and its CO2 by both methods: by a request's frozen factors, else by those in force. */
export const showTrip = async (
  db: Db,
  actor: Actor,
  input: { id: Id<"vehicle">; tripId: Id<"trip"> },
  at: Date,
  locale: Locale,
): Promise<v.InferInput<typeof S.TripDetail>> => {
  const vehicle = await visibleVehicle(db, actor, input.id);
  const row = await tripRow(db, vehicle.car_id, input.tripId);
  if (!row || row.vehicle_id !== vehicle.id) throw refuse("trip_not_found");
  const basis = row.request_id ? await basisRow(db, row.request_id) : null;
  const factors = basis
    ? (basis.factors as FrozenFactors)
    : await factorsAt(db, vehicle.country_code, at, baselineOf(vehicle.class));
  const points = await trackPoints(db, vehicle.car_id, row.id);
  const track: v.InferInput<typeof S.TripDetail>["track"] = [];
  for (let place = 0; place + 3 < points.length; place += 4) {
    const [second, lat, lon, speed] = points.slice(place, place + 4) as [
      number,
      number,
      number,
      number | null,
    ];
    track.push({
      second,
      lat: lat / 1e6,
      lon: lon / 1e6,
      speedKmh: speed === null ? null : Math.round(speed / 100) / 10,
    });
  }
  const km = (metres: number | null) => (metres === null ? null : metres / 1000);
  return {
    ...tripView(row, locale),
    vehicleId: row.vehicle_id,
    zone: vehicle.zone,
    start: positionView(row.start_lat_e6, row.start_lon_e6),
    end: positionView(row.end_lat_e6, row.end_lon_e6),
    odometerStartKm: km(row.odometer_start_m),
    odometerEndKm: km(row.odometer_end_m),
    factorSet: factors.factorSet,
    ...bothMethods(row, factors),
    track,
  };
};
