import type { OwnerWorld } from "./owner-view.tsx";

/** Kilograms that one VF 5 avoids in twelve months, driven about 12,000 km. */
const kilograms = [81, 74, 92, 88, 97, 102, 95, 110, 99, 104, 93, 108];

/**
 * An owner's home a year from now, made up on this page alone: nothing of it reaches the server, so none of it can
 * be claimed or sold. Months end with the present one.
 */
export const sampleWorld = (now: Date): OwnerWorld => {
  const month = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
  const total = kilograms.reduce((sum, kg) => sum + kg, 0);
  const sold = (days: number, credits: string, amount: string) => ({
    id: `sample-${days}`,
    kind: "sold" as const,
    at: daysAgo(days),
    amount,
    currency: "USD",
    credits,
    account: null,
    href: null,
  });
  return {
    savings: {
      vehicles: 1,
      distanceKm: 12_140,
      co2SavedKg: total,
      method: "metered-v1",
      claimableCredits: "0.108000",
      series: kilograms.map((co2SavedKg, place) => ({
        period: month(kilograms.length - 1 - place),
        co2SavedKg,
      })),
    },
    standing: {
      vehicles: 1,
      trips: 480,
      claimable: "0.108000",
      sellable: "0.210000",
      listed: "0.300000",
      available: "6.18",
      asked: null,
    },
    open: 1,
    waiting: 93_000n,
    balance: { available: "6.18", pending: "1.52", currency: "USD" },
    money: [
      sold(2, "0.096200", "1.52"),
      sold(9, "0.180000", "2.84"),
      {
        id: "sample-out",
        kind: "withdrawn",
        at: daysAgo(14),
        amount: "1.50",
        currency: "USD",
        credits: null,
        account: "··4471",
        href: null,
      },
      sold(26, "0.155800", "2.46"),
    ],
    cars: [
      {
        href: null,
        name: "VinFast VF 5",
        trips: 480,
        distanceKm: 12_140,
        co2SavedKg: total,
        claimableKg: 108,
      },
    ],
  };
};
