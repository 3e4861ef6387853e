import { audit } from "@evx/audit";
import { type Db, json, type Tx } from "@evx/db";
import { type Finding, findingView } from "@evx/formats";
import { emit } from "@evx/jobs";
import { afterId, type Id, type Locale, pageFrom, todaysZone } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { classKnown } from "./catalogue.ts";
import { refuse } from "./errors.ts";
import { vehicleRegistered } from "./events.ts";
import {
  allVehiclesOfOwner,
  holderRows,
  insertVehicle,
  lockCar,
  lockCarOfVin,
  registrationsOfCar,
  updateVehicle,
  type VehicleRow,
  vehicleRow,
  vehiclesWith,
} from "./queries/vehicles.ts";
import { dayIn, zoneNamed } from "./queries/zones.ts";
import type * as S from "./schema.ts";
import { vehicleView } from "./views.ts";
import { hashOfVin, readVin } from "./vin.ts";
import { zoneOfCountry } from "./zones.ts";

type Answer<Schema extends v.GenericSchema> = v.InferInput<Schema>;

export type RegisterInput = v.InferOutput<typeof S.RegisterVehicle>;

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

/** The owner's own vehicle that they still have. Refuses one that was handed over. */
export const presentVehicle = async (
  db: Db,
  actor: Pick<Actor, "id">,
  id: Id<"vehicle">,
): Promise<VehicleRow> => {
  const row = await ownVehicle(db, actor, id);
  if (row.owned_to) throw refuse("vehicle_handed_over", { date: await dayIn(db, row.owned_to, row.zone) });
  return row;
};

/**
 * A vehicle that the actor may look at: their own, or any for those who verify and operate. Auditors know owners by pseudonyms
 * until they take a request up, so a plate and what an owner calls the car, which tell whose it is, are left out for them.
 */
export const visibleVehicle = async (db: Db, actor: Actor, id: Id<"vehicle">): Promise<VehicleRow> => {
  const row = await vehicleRow(db, id);
  const mayLook = actor.role === "admin" || (actor.role === "cva" && actor.accredited);
  if (!row || (row.owner_id !== actor.id && !mayLook)) throw refuse("vehicle_not_found");
  const isAuditor = actor.role === "cva" && row.owner_id !== actor.id;
  return isAuditor ? { ...row, plate: null, label: null } : row;
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
    class: classOf(input),
    country_code: input.countryCode,
    battery_wh: input.batteryKwh ? Math.round(input.batteryKwh * 1000) : null,
    zone: input.zone === undefined ? zoneOfCountry(input.countryCode) : await knownZone(tx, input.zone),
    plate: input.plate ?? null,
    label: input.label ?? null,
    created_at: tx.at,
    ...(from ? { owned_from: from } : {}),
  });
  await emit(tx, vehicleRegistered, { vehicleId: id, ownerId: actor.id });
  const row = (await vehicleRow(tx, id)) as VehicleRow;
  return { vehicle: vehicleView(row), warnings: warningsFor(report, input.make, locale) };
};

/**
 * The kind that was said, else what is known of the model, else a car. A scooter stands in for a scooter, so one that is
 * known is never taken for more: each of its kilometres would count nearly fourfold.
 */
const classOf = (of: {
  make: string;
  model: string;
  class?: VehicleRow["class"] | undefined;
}): VehicleRow["class"] => {
  const known = classKnown(of.make, of.model);
  if (known === "motorcycle" && of.class !== undefined && of.class !== known)
    throw refuse("vehicle_two_wheeler", { model: `${of.make} ${of.model}` });
  return of.class ?? known ?? "car";
};

/** The zone of that name as the database spells it, by today's name. Refuses what is none. */
const knownZone = async (tx: Tx, name: string): Promise<string> => {
  const zone = await zoneNamed(tx, name);
  if (!zone) throw refuse("vehicle_zone_unknown", { zone: name });
  return todaysZone(zone);
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

/**
 * Changes what an owner may change. Another zone makes other days: the database counts the vehicle's trips again in the
 * same transaction, so the car is locked first. Requests keep the zone that they were made in.
 */
export const changeVehicle = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ChangeVehicle>,
): Promise<Answer<typeof S.VehicleAnswer>> => {
  const before = await ownVehicle(tx, actor, input.id);
  // A zone that was kept under its old name is not another one.
  const same = input.zone === undefined || todaysZone(input.zone) === todaysZone(before.zone);
  const zone = same ? before.zone : await knownZone(tx, input.zone ?? before.zone);
  if (zone !== before.zone) {
    await lockCar(tx, before.car_id);
    await audit(tx, actor, "vehicle.zone", input.id, { before: { zone: before.zone }, after: { zone } });
  }
  const kind = classOf({
    make: input.make ?? before.make,
    model: input.model ?? before.model,
    class: input.class ?? before.class,
  });
  if (kind !== before.class)
    await audit(tx, actor, "vehicle.class", input.id, {
      before: { class: before.class },
      after: { class: kind },
    });
  await updateVehicle(tx, input.id, {
    id: input.id,
    ...(input.make === undefined ? {} : { make: input.make }),
    ...(input.model === undefined ? {} : { model: input.model }),
    ...(kind === before.class ? {} : { class: kind }),
    ...(zone === before.zone ? {} : { zone }),
    ...(input.plate === undefined ? {} : { plate: input.plate }),
    ...(input.label === undefined ? {} : { label: input.label }),
    ...(input.batteryKwh === undefined
      ? {}
      : { battery_wh: input.batteryKwh ? Math.round(input.batteryKwh * 1000) : null }),
  });
  return { vehicle: vehicleView(await ownVehicle(tx, actor, input.id)), warnings: [] };
};

/** A vehicle by id for other rooms; null when there is none. */
export const vehicleById = async (db: Db, id: Id<"vehicle">) => {
  const row = await vehicleRow(db, id);
  return row ? vehicleView(row) : null;
};

/** All vehicles of an owner, those handed over included. */
export const vehiclesOf = async (db: Db, ownerId: Id<"user">) =>
  (await allVehiclesOfOwner(db, ownerId)).map(vehicleView);

/** Anybody's vehicles by words of theirs or by id, newest first: for operators. Refuses `cursor_unknown`. */
export const findVehicles = async (
  db: Db,
  { q, limit, cursor }: { q: string; limit: number; cursor?: string | undefined },
) => {
  const rows = await vehiclesWith(db, { q, limit }, afterId("vehicle", cursor));
  return pageFrom(rows, limit, vehicleView, (row) => [row.id]);
};

/** Everybody who ever had the car behind each of some vehicles, the present owner included. */
export const holdersOf = async (
  db: Db,
  vehicleIds: readonly Id<"vehicle">[],
): Promise<Map<Id<"vehicle">, Id<"user">[]>> => {
  const found = new Map<Id<"vehicle">, Id<"user">[]>();
  if (vehicleIds.length === 0) return found;
  for (const { id, owner_id } of await holderRows(db, vehicleIds))
    found.set(id, [...(found.get(id) ?? []), owner_id]);
  return found;
};

/** Keeps how files are read into a vehicle, by their header. The content is the imports' own. */
export const keepImportSettings = async (tx: Tx, id: Id<"vehicle">, settings: object): Promise<void> => {
  await updateVehicle(tx, id, { import_settings: json(settings) });
};
