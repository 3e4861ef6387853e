import type { Db } from "@evx/db";
import { knownHeaders, Surveyor, type WholeSurvey } from "@evx/formats";
import { carName, vehiclesOf } from "@evx/garage";
import { headerKey } from "@evx/imports";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import * as v from "valibot";
import { textOfFile } from "./cars-file.ts";
import { refuse } from "./errors.ts";
import { CarMatcher } from "./matching.ts";
import { type Part, type Parts, partsOf } from "./parts.ts";
import { fleetLimits } from "./policy.ts";
import { choicesRow } from "./queries/files.ts";
import * as S from "./schema.ts";

type FleetFile = v.InferOutput<typeof S.FleetFile>;
export type FleetChoices = v.InferOutput<typeof S.FleetChoices>;

/** A fleet's file as a whole: taken apart by car, with what all of its rows show and how it is to be read. */
export type WholeFile = Parts & {
  choices: FleetChoices;
  headerKey: string;
  whole: WholeSurvey | undefined;
  nameOf(id: Id<"vehicle">): string;
  /** The number in a car's part of its first row. */
  firstRow: 1 | 2;
};

const remembered = async (db: Db, ownerId: Id<"user">, key: string): Promise<FleetChoices> => {
  const row = await choicesRow(db, ownerId, key);
  const parsed = v.safeParse(S.FleetChoices, row?.choices ?? {});
  return parsed.success ? parsed.output : {};
};

/** What was said; over what the fleet said last of a file with this header. */
const choicesIn = (said: FleetFile, before: FleetChoices): FleetChoices => {
  const { zone, distanceUnit, decimal, dateOrder, mapping, vehicleColumn } = said;
  const now = { zone, distanceUnit, decimal, dateOrder, mapping, vehicleColumn };
  return { ...before, ...Object.fromEntries(Object.entries(now).filter(([, value]) => value !== undefined)) };
};

/** Marks and dates, by all rows of the file: one car's few rows may leave open what another's decide. */
const surveyOf = (text: string, { mapping }: FleetChoices): WholeSurvey | undefined => {
  const surveyor = new Surveyor(() => ({ mapping }));
  surveyor.push(new TextEncoder().encode(text));
  const survey = surveyor.end();
  return survey ? { decimal: survey.decimal, small: survey.small, order: survey.order } : undefined;
};

/** Takes a file of the trips of many cars apart by its vehicle column. Refuses `fleet_file_empty`, `fleet_file_too_large`. */
export const wholeFile = async (db: Db, actor: Pick<Actor, "id">, input: FleetFile): Promise<WholeFile> => {
  const cars = (await vehiclesOf(db, actor.id)).filter(({ ownedTo }) => ownedTo === null);
  const byId = new Map(cars.map((car) => [car.id, car]));
  const text = await textOfFile(input.content, fleetLimits.tripsFile, knownHeaders);
  const matcher = new CarMatcher(cars);
  const vinOf = (id: Id<"vehicle">) => byId.get(id)?.vin ?? "";
  const apart = (vehicleColumn: string | undefined) => partsOf(text, { matcher, vinOf, vehicleColumn });
  let parts = apart(input.vehicleColumn);
  if (parts.rows === 0) throw refuse("fleet_file_empty");
  const key = headerKey(parts.header);
  const choices = choicesIn(input, await remembered(db, actor.id, key));
  if (choices.vehicleColumn !== input.vehicleColumn) parts = apart(choices.vehicleColumn);
  return {
    ...parts,
    choices,
    headerKey: key,
    whole: surveyOf(text, choices),
    nameOf: (id) => {
      const car = byId.get(id);
      return car ? carName(car) : id;
    },
    firstRow: /^\s*[[{]/.test(text) ? 1 : 2,
  };
};

/** A part's file as a body that arrives. */
export const bodyOf = (file: WholeFile, part: Part): ReadableStream<Uint8Array> =>
  new Blob([file.fileOf(part)]).stream() as ReadableStream<Uint8Array>;
