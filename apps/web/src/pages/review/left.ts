import { gramsOf } from "../../lib/format.ts";

type Detail = {
  request: { creditsRequested: string };
  refusedTrips: number;
  trips: readonly { co2SavedKg: number; rejection: unknown }[];
};

/**
 * Decimal credits that an approval would issue now, without the refused trips. Null where a refused trip is on a page
 * that was not read: a sum that may be wrong is not said.
 */
export const leftOf = ({ request, refusedTrips, trips }: Detail): string | null => {
  const refused = trips.filter(({ rejection }) => rejection !== null);
  if (refused.length !== refusedTrips) return null;
  const lost = refused.reduce((sum, trip) => sum + BigInt(Math.round(trip.co2SavedKg * 1000)), 0n);
  const left = gramsOf(request.creditsRequested) - lost;
  if (left < 0n) return null;
  return `${left / 1_000_000n}.${String(left % 1_000_000n).padStart(6, "0")}`;
};
