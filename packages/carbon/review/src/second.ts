import type { Tx } from "@evx/db";
import { registrationsOfCar, vehicleRow } from "@evx/garage";
import type { Id } from "@evx/kernel";
import { ruleAt } from "@evx/rules";
import { twinsOfRequest } from "@evx/trips";
import { isRepeatedPair } from "./alerts.ts";
import { refuse } from "./errors.ts";
import { peopleOf } from "./persons.ts";
import { fourEyes, fourEyesPeriod_ms, isCopied, secondNeeded } from "./policy.ts";
import { type RequestRow, updateRequest } from "./queries/requests.ts";
import { issuedOfPair, issuedOfVehicles, lockSums } from "./queries/second.ts";

/**
 * What was issued within twelve months for a car, whoever's it was and however it was split into requests, and to the
 * owner, by whatever accounts, with the approval of this reviewer or of another account of theirs. Waits for others who
 * decide about one of these owners or the car, so that sums are whole.
 */
export const issuedWithin = async (
  tx: Tx,
  of: { owners: readonly Id<"user">[]; vehicleId: Id<"vehicle">; reviewers: readonly Id<"user">[] },
): Promise<{ car_g: bigint; pair_g: bigint }> => {
  const vehicle = await vehicleRow(tx, of.vehicleId);
  const vehicles = vehicle ? await registrationsOfCar(tx, vehicle.car_id) : [];
  const ids = [of.vehicleId, ...vehicles.map(({ id }) => id)];
  await lockSums(tx, of.owners);
  if (vehicle) await lockSums(tx, [`car ${vehicle.car_id}`]);
  const since = new Date(tx.at.getTime() - fourEyesPeriod_ms);
  return { car_g: await issuedOfVehicles(tx, ids, since), pair_g: await issuedOfPair(tx, { ...of, since }) };
};

/**
 * The request with the approvals that it needs now, from this reviewer: what was issued since it was made counts, and
 * what others recorded meanwhile. Refuses `request_twin_reason_needed` for trips that are recorded elsewhere too, unless
 * the reviewer says why they are genuine.
 */
export const withApprovalsNeeded = async (
  tx: Tx,
  row: RequestRow,
  { reviewerId, notes }: { reviewerId: Id<"user">; notes: string | null },
): Promise<RequestRow> => {
  const { value: rule } = await ruleAt(tx, fourEyes, tx.at);
  const people = await peopleOf(tx, { ownerId: row.owner_id, reviewerId });
  const issued = await issuedWithin(tx, { ...people, vehicleId: row.vehicle_id });
  const { trips: twins, shapes } = await twinsOfRequest(tx, row.id);
  const copied = isCopied({ trips: Number(row.trip_count), twins, shapes });
  if (copied && !notes?.trim()) throw refuse("request_twin_reason_needed");
  const repeated = await isRepeatedPair(tx, people);
  const needed = secondNeeded(
    { grams: row.co2_saved_g, ...issued, repeated, odometerExcess_m: null, copied },
    rule,
  );
  if (needed.length === 0 || row.approvals_needed > 1) return row;
  await updateRequest(tx, row.id, { approvals_needed: 2 });
  return { ...row, approvals_needed: 2 };
};
