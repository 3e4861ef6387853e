import type { Tone } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

type Status = "pending" | "in_review" | "needs_info" | "approved" | "rejected";

const tones: Record<Status, Tone> = {
  pending: "neutral",
  in_review: "info",
  needs_info: "warning",
  approved: "positive",
  rejected: "negative",
};

export const toneOfStatus = (status: Status): Tone => tones[status];

/** What lists and pages of requests say alike. */
export const useRequestWords = () => {
  const t = useText("review");
  const f = useFormat();
  return {
    /** "5 Jan 2026 – 4 Mar 2026", or one day, where the vehicle was. */
    span: ({ firstTripAt, lastTripAt, zone }: { firstTripAt: string; lastTripAt: string; zone: string }) => {
      const [first, last] = [f.date(firstTripAt, zone), f.date(lastTripAt, zone)];
      return first === last ? first : `${first} – ${last}`;
    },
    vehicle: ({ vehicle }: { vehicle: { make: string; model: string; year: number } }) =>
      `${vehicle.make} ${vehicle.model} (${vehicle.year})`,
    trips: (count: number) => t.n("trips", count),
  };
};
