import type { Db, Tx } from "@evx/db";
import { audit } from "@evx/identity";
import { emit } from "@evx/jobs";
import { type Id, keyOfCursor, kgFromGrams, type Locale, type PageInput, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { classOfModel } from "./catalogue.ts";
import { refuse } from "./errors.ts";
import { vehicleHandedOver, vehicleRegistered } from "./events.ts";
import { isZone } from "./import/times.ts";
import { stopConnection } from "./permissions.ts";
import type { Finding } from "./policy.ts";
import { lastClaimedAt } from "./queries/claims.ts";
import { deleteTripsAfter } from "./queries/imports.ts";
import { sumsOfVehicles } from "./queries/totals.ts";
import {
  allVehiclesOfOwner,
  insertVehicle,
  lockCar,
  lockCarOfVin,
  odometerAround,
  registrationsOfCar,
  updateVehicle,
  upsertOdometer,
  type VehicleRow,
  vehicleRow,
  vehiclesOfOwner,
} from "./queries/vehicles.ts";
import type * as S from "./schema.ts";
import { findingView, vehicleView } from "./views.ts";
import { hashOfVin, readVin } from "./vin.ts";
import { zoneOfCountry } from "./zones.ts";

type Answer<Schema extends v.GenericSchema> = v.InferInput<Schema>;

/** The owner's own vehicle, or a refusal that tells nobody whether another's exists. */
export const ownVehicle = async (
  db: Db,
  actor: Pick<Actor, "id">,
  id: Id<"vehicle">,
): Promise<VehicleRow> => {
  const row = await vehicleRow(db, id);
  if (!row || row.owner_id !== actor.id) throw refuse("vehicle_not_found");
  return row;
};

/** A vehicle that the actor may look at: their own, or any for those who verify and operate. */
export const visibleVehicle = async (db: Db, actor: Actor, id: Id<"vehicle">): Promise<VehicleRow> => {
  const row = await vehicleRow(db, id);
  const mayLook = actor.role === "admin" || (actor.role === "cva" && actor.accredited);
  if (!row || (row.owner_id !== actor.id && !mayLook)) throw refuse("vehicle_not_found");
  return row;
};

/**
 * Puts a car into the owner's garage. A car has one owner at a time: one that is registered to someone else is
 * refused until it was handed over, and then the new owner's time begins where the former one's ended.
 */
export const registerVehicle = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.RegisterVehicle>,
  { id, locale }: { id: Id<"vehicle">; locale: Locale },
): Promise<Answer<typeof S.VehicleAnswer>> => {
  const report = readVin(input.vin);
  if (report.finding === "vin_malformed") throw refuse("vehicle_vin_malformed");
  if (!report.acceptable)
    throw refuse("vehicle_vin_check_digit", { expected: report.expectedCheckDigit ?? "" });
  if (input.year < 1990 || input.year > tx.at.getUTCFullYear() + 1) throw refuse("vehicle_year_impossible");
  const retried = await vehicleRow(tx, id);
  if (retried?.owner_id === actor.id && retried.vin === report.vin) {
    return { vehicle: vehicleView(retried), warnings: warningsFor(report, input.make, locale) };
  }
  const carId = await lockCarOfVin(tx, await hashOfVin(report.vin));
  const held = await registrationsOfCar(tx, carId);
  const present = held.find((row) => row.owned_to === null);
  if (present) throw refuse(present.owner_id === actor.id ? "vehicle_registered" : "vehicle_of_another");
  const from = held.at(-1)?.owned_to ?? null;
  await insertVehicle(tx, {
    id,
    car_id: carId,
    owner_id: actor.id,
    vin: report.vin,
    make: input.make,
    model: input.model,
    model_year: input.year,
    class: input.class ?? classOfModel(input.make, input.model),
    country_code: input.countryCode,
    battery_wh: input.batteryKwh ? Math.round(input.batteryKwh * 1000) : null,
    zone: zoneOfCountry(input.countryCode),
    created_at: tx.at,
    ...(from ? { owned_from: from } : {}),
  });
  await emit(tx, vehicleRegistered, { vehicleId: id, ownerId: actor.id });
  const row = (await vehicleRow(tx, id)) as VehicleRow;
  return { vehicle: vehicleView(row), warnings: warningsFor(report, input.make, locale) };
};

const warningsFor = (report: ReturnType<typeof readVin>, make: string, locale: Locale) => {
  const warnings: Finding[] = [];
  if (report.finding === "vin_check_digit_unusual") {
    warnings.push({ code: "vin_check_digit_unusual", values: { expected: report.expectedCheckDigit ?? "" } });
  }
  if (report.maker && !sameMaker(report.maker, make)) {
    warnings.push({ code: "vin_maker_differs", values: { maker: report.maker, make } });
  }
  return warnings.map((warning) => findingView(warning, locale));
};

const plain = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/[^\p{L}]/gu, "")
    .toLowerCase();

const sameMaker = (a: string, b: string): boolean =>
  plain(a).includes(plain(b)) || plain(b).includes(plain(a));

/** What a VIN says before anything is saved, for the form. */
export const vinReport = (vin: string, locale: Locale): Answer<typeof S.VinView> => {
  const report = readVin(vin);
  const finding =
    report.finding === null
      ? null
      : { code: report.finding, values: { expected: report.expectedCheckDigit ?? "" } };
  return {
    vin: report.vin,
    acceptable: report.acceptable,
    maker: report.maker,
    finding: finding && findingView(finding, locale),
  };
};

export const changeVehicle = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ChangeVehicle>,
): Promise<Answer<typeof S.VehicleAnswer>> => {
  await ownVehicle(tx, actor, input.id);
  if (input.zone !== undefined && !isZone(input.zone))
    throw refuse("import_zone_unknown", { zone: input.zone });
  await updateVehicle(tx, input.id, {
    id: input.id,
    ...(input.make === undefined ? {} : { make: input.make }),
    ...(input.model === undefined ? {} : { model: input.model }),
    ...(input.class === undefined ? {} : { class: input.class }),
    ...(input.zone === undefined ? {} : { zone: input.zone }),
    ...(input.batteryKwh === undefined
      ? {}
      : { battery_wh: input.batteryKwh ? Math.round(input.batteryKwh * 1000) : null }),
  });
  return { vehicle: vehicleView(await ownVehicle(tx, actor, input.id)), warnings: [] };
};

type Sums = Awaited<ReturnType<typeof sumsOfVehicles>>[number];

const summaryView = (row: VehicleRow, sums: Sums | undefined): Answer<typeof S.VehicleSummary> => {
  const co2_g = sums?.co2_g ?? 0n;
  const claimable_g = co2_g - (sums?.claimed_co2_g ?? 0n);
  return {
    ...vehicleView(row),
    tripCount: sums?.trips ?? 0,
    distanceKm: Number(sums?.distance_m ?? 0n) / 1000,
    co2SavedKg: kgFromGrams(co2_g),
    credits: co2_g,
    claimableTrips: (sums?.trips ?? 0) - (sums?.claimed_trips ?? 0),
    claimableCo2Kg: kgFromGrams(claimable_g),
    claimableCredits: claimable_g,
  };
};

export const listVehicles = async (db: Db, actor: Pick<Actor, "id">, page: PageInput) => {
  const after = keyOfCursor(page.cursor, 1);
  const rows = await vehiclesOfOwner(db, actor.id, page, (after?.[0] as string | undefined) ?? null);
  const sums = await sumsOfVehicles(
    db,
    rows.map((row) => row.id),
  );
  const byId = new Map(sums.map((sum) => [sum.id, sum]));
  return pageFrom(
    rows,
    page.limit,
    (row) => summaryView(row, byId.get(row.id)),
    (row) => [row.id],
  );
};

export const showVehicle = async (
  db: Db,
  actor: Actor,
  id: Id<"vehicle">,
): Promise<Answer<typeof S.VehicleSummary>> => {
  const row = await visibleVehicle(db, actor, id);
  const [sums] = await sumsOfVehicles(db, [id]);
  return summaryView(row, sums);
};

/** A vehicle by id for other rooms; null when there is none. */
export const vehicleById = async (db: Db, id: Id<"vehicle">) => {
  const row = await vehicleRow(db, id);
  return row ? vehicleView(row) : null;
};

/** All vehicles of an owner, those handed over included. */
export const vehiclesOf = async (db: Db, ownerId: Id<"user">) =>
  (await allVehiclesOfOwner(db, ownerId)).map(vehicleView);

/**
 * Ends the owner's time with a car that they sold. Trips until then stay theirs; whoever registers the car next
 * begins there. Refused when a trip after that moment is already in a request.
 */
export const handOver = async (
  tx: Tx,
  actor: Pick<Actor, "id" | "role">,
  input: v.InferOutput<typeof S.HandOver>,
): Promise<Answer<typeof S.VehicleAnswer>> => {
  const row = actor.role === "admin" ? await vehicleRow(tx, input.id) : await ownVehicle(tx, actor, input.id);
  if (!row) throw refuse("vehicle_not_found");
  await lockCar(tx, row.car_id);
  if (row.owned_to) throw refuse("vehicle_handed_over", { date: row.owned_to.toISOString().slice(0, 10) });
  if (input.at > tx.at || (row.owned_from && input.at <= row.owned_from))
    throw refuse("vehicle_handover_in_future");
  const claimed = await lastClaimedAt(tx, row.car_id);
  if (claimed && claimed > input.at) {
    throw refuse("vehicle_handover_before_claims", { date: claimed.toISOString().slice(0, 10) });
  }
  await updateVehicle(tx, row.id, { owned_to: input.at });
  // Kept, they would stand in the way of the next owner, whose they are, and could be claimed by this one.
  await deleteTripsAfter(tx, { carId: row.car_id, vehicleId: row.id, at: input.at });
  // A car that tells its odometer and place must not tell them to who has sold it.
  await stopConnection(tx, row.id);
  if (input.odometerKm !== undefined) await noteOdometer(tx, row, input.at, input.odometerKm, "handover");
  await emit(tx, vehicleHandedOver, { vehicleId: row.id, ownerId: row.owner_id, at: input.at.toISOString() });
  await audit(tx, actor, "vehicle.hand_over", row.id, { after: { at: input.at.toISOString() } });
  return { vehicle: vehicleView((await vehicleRow(tx, row.id)) as VehicleRow), warnings: [] };
};

const noteOdometer = async (
  tx: Tx,
  row: VehicleRow,
  at: Date,
  km: number,
  source: "owner" | "connection" | "handover",
): Promise<void> => {
  const odometer_m = Math.round(km * 1000);
  const { before, after } = await odometerAround(tx, row.car_id, at);
  const contradicts =
    before && before.odometer_m > odometer_m ? before : after && after.odometer_m < odometer_m ? after : null;
  if (contradicts) {
    throw refuse("odometer_backwards", {
      date: contradicts.read_at.toISOString().slice(0, 10),
      km: contradicts.odometer_m / 1000,
    });
  }
  await upsertOdometer(tx, { car_id: row.car_id, read_at: at, vehicle_id: row.id, odometer_m, source });
};

/** Notes what the odometer showed at a moment. */
export const readOdometer = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ReadOdometer>,
) => {
  const row = await ownVehicle(tx, actor, input.id);
  await lockCar(tx, row.car_id);
  if (input.readAt > tx.at) throw refuse("vehicle_handover_in_future");
  await noteOdometer(tx, row, input.readAt, input.odometerKm, "owner");
  return { ok: true as const };
};
