import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { printsNear } from "./prints.ts";
import { basisRow, monthsOfRequest, type RequestScope } from "./queries/claims.ts";
import { fewDrives, nearRows } from "./queries/near.ts";
import { printKey } from "./queries/prints.ts";
import { shapeCounts, type TwinRow, twinRows } from "./queries/twins.ts";
import { tracedElsewhere } from "./tracing.ts";

/** What of a request's trips is recorded elsewhere too. */
export type Twins = {
  /** Trips that another car has as well. */
  trips: number;
  others: { vehicleId: Id<"vehicle">; ownerId: Id<"user">; requestIds: Id<"request">[]; trips: number }[];
  /**
   * How trips follow one another, here as elsewhere: a copy moved in time, scaled, split or thinned. `own` are all that
   * are compared. `traced` says that so much of it lies at one distance in time from the other as no chance explains.
   */
  shapes: { own: number; elsewhere: number; traced: boolean; requestIds: Id<"request">[] };
};

/** The shapes of files and the traces of the request, whichever tells more. */
const shapesOf = async (db: Db, scope: RequestScope): Promise<Twins["shapes"]> => {
  const [shapes, traced] = [await shapeCounts(db, scope), await tracedElsewhere(db, scope.requestId)];
  const more =
    traced.elsewhere * shapes.own > shapes.elsewhere * traced.own || shapes.own === 0 ? traced : shapes;
  return {
    own: more.own,
    elsewhere: more.elsewhere,
    traced: traced.elsewhere > 0,
    requestIds: [...new Set([...shapes.requestIds, ...traced.requestIds])],
  };
};

/** Orders of drives need some of them; fewer are told by lying near another car's, most of them and at distances of their own. */
const few = { least: 3, most: 12, share: 0.8 } as const;

/** Twins of a few drives whose minutes and metres were touched. Nothing for more drives, whose order tells. */
const nearTwins = async (db: Db, scope: RequestScope): Promise<TwinRow[]> => {
  const drives = await fewDrives(db, scope, few.most + 1);
  if (drives.length < few.least || drives.length > few.most) return [];
  const key = await printKey(db);
  const prints = drives.flatMap((drive) => printsNear(key, drive));
  return nearRows(db, scope, { prints, least: Math.max(few.least, Math.ceil(drives.length * few.share)) });
};

/** Looks for a request's trips among those of all cars, claimed or not. Nothing for a request that holds nothing. */
export const twinsOfRequest = async (db: Db, requestId: Id<"request">): Promise<Twins> => {
  const basis = await basisRow(db, requestId);
  if (!basis)
    return { trips: 0, others: [], shapes: { own: 0, elsewhere: 0, traced: false, requestIds: [] } };
  const months = await monthsOfRequest(db, basis.car_id, requestId);
  const scope = { carId: basis.car_id, requestId, months };
  const exact = await twinRows(db, scope);
  const near = await nearTwins(db, scope);
  const others = (near[0]?.trips ?? 0) > (exact[0]?.trips ?? 0) ? near : exact;
  const shapes = await shapesOf(db, scope);
  return {
    trips: others[0]?.of_all ?? 0,
    others: others.map((row) => ({
      vehicleId: row.vehicle_id,
      ownerId: row.owner_id,
      requestIds: row.request_ids,
      trips: row.trips,
    })),
    shapes,
  };
};
