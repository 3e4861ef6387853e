import type { Db } from "@evx/db";
import { allVehiclesOfOwner } from "@evx/garage";
import { refuse as refuseVehicle } from "@evx/garage/errors";
import type { Id, Locale, Refusal } from "@evx/kernel";
import { requestsByIds, requestView } from "@evx/review";
import { refuse as refuseRequest } from "@evx/review/errors";
import type { Actor } from "@evx/rpc";
import { refuse as refuseTrips } from "@evx/trips/errors";
import { refuse } from "./errors.ts";
import {
  type LineRow,
  lineRows,
  linesOfAll,
  type SubmissionRow,
  submissionRow,
  submissionsOf,
} from "./queries/submissions.ts";
import type { SubmissionView } from "./schema.ts";

const rooms = [refuse, refuseRequest, refuseTrips, refuseVehicle] as const;

/** A refusal by its stored code and numbers, in the reader's language. */
const refusalOf = (
  { refusal, details }: LineRow,
  locale: Locale,
): SubmissionView["lines"][number]["refusal"] => {
  if (refusal === null) return null;
  for (const room of rooms) {
    if (!(refusal in room.all)) continue;
    const make = room as (code: string, details: object) => Refusal;
    return { code: refusal, message: make(refusal, details as object).sentence(locale) };
  }
  return { code: refusal, message: refusal };
};

const figuresOf = (row: SubmissionRow, lines: readonly LineRow[]) => ({
  id: row.id,
  fleet: row.fleet,
  status: row.status,
  linesTotal: lines.length,
  linesDone: lines.filter(({ status }) => status !== "waiting").length,
  tripsTotal: lines.reduce((sum, line) => sum + Number(line.trips), 0),
  tripsDone: lines.reduce((sum, line) => sum + Number(line.trips_done), 0),
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

/** How a submission of the owner's stands, line by line. */
export const showSubmission = async (
  db: Db,
  owner: Pick<Actor, "id">,
  id: Id<"submission">,
  locale: Locale,
): Promise<SubmissionView> => {
  const row = await submissionRow(db, id);
  if (row?.owner_id !== owner.id) throw refuse("submission_not_found");
  const lines = await lineRows(db, id);
  const made = lines.filter(({ status }) => status === "done").map(({ request_id }) => request_id);
  const requests = new Map(
    (await requestsByIds(db, made)).map((request) => [request.id, requestView(request)]),
  );
  const cars = new Map((await allVehiclesOfOwner(db, owner.id)).map((car) => [car.id, car]));
  return {
    ...figuresOf(row, lines),
    lines: lines.map((line) => {
      const car = cars.get(line.vehicle_id);
      return {
        vehicleId: line.vehicle_id,
        name: car ? (car.plate ?? car.label ?? `${car.make} ${car.model}`) : line.vehicle_id,
        year: line.year,
        status: line.status,
        tripCount: line.trips,
        tripsDone: line.trips_done,
        request: requests.get(line.request_id) ?? null,
        refusal: refusalOf(line, locale),
      };
    }),
  };
};

/** The owner's latest submissions in figures. */
export const listSubmissions = async (db: Db, owner: Pick<Actor, "id">) => {
  const rows = await submissionsOf(db, owner.id, 20);
  const lines = await linesOfAll(db, rows);
  const items: Omit<SubmissionView, "lines">[] = rows.map((row) => figuresOf(row, lines.get(row.id) ?? []));
  return { items };
};
