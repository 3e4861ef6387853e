import type { Db, Tx } from "@evx/db";
import { allVehiclesOfOwner, ownVehicle, periodIn, type VehicleRow } from "@evx/garage";
import { enqueue } from "@evx/jobs";
import { type Bound, type Id, namedId, zoneOf } from "@evx/kernel";
import { type RequestRow, submitRequest } from "@evx/review";
import { refuse as refuseRequest } from "@evx/review/errors";
import type { Actor } from "@evx/rpc";
import { freeTrips, freeYears } from "@evx/trips";
import { refuse } from "./errors.ts";
import { runSubmission } from "./jobs.ts";
import { requestAtOnce } from "./policy.ts";
import { insertSubmission, type SubmissionRow, submissionRow } from "./queries/submissions.ts";
import { type World, workOff } from "./work.ts";

type Owner = Pick<Actor, "id">;

/**
 * As `submitRequest`, but a claim over more trips than one call can take becomes a submission with one line, and a job
 * works it off month by month. A retry under the same id finds the same request or submission.
 */
export const submitOrQueue = async (
  ctx: World,
  owner: Owner,
  input: { id: Id<"request">; vehicleId: Id<"vehicle">; from?: Bound | undefined; to?: Bound | undefined },
): Promise<{ request: RequestRow } | { submission: SubmissionRow }> => {
  const { id, vehicleId } = input;
  const vehicle = await ownVehicle(ctx.db, owner, vehicleId);
  const { from, to } = await periodIn(ctx.db, vehicle.zone, input);
  if (from && to && from >= to) throw refuseRequest("request_period_backwards");
  const submissionId = await namedId("submission", id);
  const known = await submissionRow(ctx.db, submissionId);
  if (known) return { submission: known };
  const months = await freeTrips(ctx.db, owner, { vehicleId, from, to });
  const trips = months.reduce((sum, month) => sum + month.trips, 0);
  if (trips <= requestAtOnce.trips)
    return { request: await ctx.transact((tx) => submitRequest(tx, owner, input)) };
  const line = {
    vehicle_id: vehicleId,
    request_id: id,
    period_from: from ?? null,
    period_to: to ?? null,
    trips: BigInt(trips),
  };
  return {
    submission: await ctx.transact((tx) =>
      queued(tx, owner, { id: submissionId, fleet: false, lines: [line] }),
    ),
  };
};

const queued = async (
  tx: Tx,
  owner: Owner,
  {
    id,
    fleet,
    lines,
  }: { id: Id<"submission">; fleet: boolean; lines: Parameters<typeof insertSubmission>[2] },
): Promise<SubmissionRow> => {
  const row = { id, owner_id: owner.id, fleet, status: "queued" as const, created_at: tx.at };
  if (await insertSubmission(tx, row, lines)) await enqueue(tx, runSubmission, { submissionId: id });
  return (await submissionRow(tx, id)) as SubmissionRow;
};

/** The moments between which a year lies where a car is. */
const yearIn = (zoneName: string, year: number): { from: Date; to: Date } => {
  const zone = zoneOf(zoneName);
  const start = (of: number) => {
    const local = Date.UTC(of, 0, 1);
    return new Date(local - zone.offsetAtLocal(local));
  };
  return { from: start(year), to: start(year + 1) };
};

/** What a fleet's request asks for: a line for each car and year with trips that no request holds. */
const fleetLines = async (
  db: Db,
  cars: readonly VehicleRow[],
  { id, year }: { id: Id<"submission">; year?: number | undefined },
) => {
  const lines: Parameters<typeof insertSubmission>[2][number][] = [];
  const years = await freeYears(db, cars);
  for (const car of cars) {
    for (const free of years.get(car.id) ?? []) {
      if (year !== undefined && free.year !== year) continue;
      const { from, to } = yearIn(car.zone, free.year);
      lines.push({
        vehicle_id: car.id,
        request_id: await namedId("request", `${id}\n${car.id}\n${free.year}`),
        year: free.year,
        period_from: from,
        period_to: to,
        trips: BigInt(free.trips),
      });
    }
  }
  return lines;
};

/**
 * Asks for credits for all of an owner's cars, or some, at once: one request for each car and year. What cannot be
 * requested is named by car, and costs the others nothing. A small fleet is answered at once, a large one by a job.
 */
export const submitFleet = async (
  ctx: World,
  owner: Owner,
  input: {
    id: Id<"submission">;
    year?: number | undefined;
    vehicleIds?: readonly Id<"vehicle">[] | undefined;
  },
): Promise<SubmissionRow> => {
  const known = await submissionRow(ctx.db, input.id);
  if (known) return known;
  const wanted = input.vehicleIds && new Set(input.vehicleIds);
  const cars = (await allVehiclesOfOwner(ctx.db, owner.id)).filter(({ id }) => !wanted || wanted.has(id));
  if (wanted && cars.length < wanted.size) throw refuse("request_vehicle_unknown");
  const lines = await fleetLines(ctx.db, cars, input);
  if (lines.length === 0) throw refuse("request_fleet_nothing");
  const trips = lines.reduce((sum, line) => sum + Number(line.trips), 0);
  const row = await ctx.transact((tx) => queued(tx, owner, { id: input.id, fleet: true, lines }));
  if (lines.length > requestAtOnce.lines || trips > requestAtOnce.trips) return row;
  // The job that was left finds nothing more to do.
  await workOff(ctx, row.id);
  return (await submissionRow(ctx.db, row.id)) ?? row;
};
