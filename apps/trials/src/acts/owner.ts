/** What an owner of cars does. */
import { listAt, textAt } from "../wire.ts";
import { type Actor, creditsOf, forget, gramsOf } from "./actor.ts";

export type Garage = { readonly vehicleId: string; nextDay: number };

/** A car with a number of its own, of which nothing was driven yet. */
export const registerCar = async ({ wire, me, chances, promises }: Actor): Promise<Garage | null> => {
  const digits = String(chances.whole(100_000, 999_999));
  const answer = await wire.insist({
    method: "POST",
    path: "/api/vehicles",
    token: me.token,
    key: chances.name(),
    body: {
      make: "VinFast",
      model: "VF 8",
      year: 2024,
      vin: `RLLV1AB23RH${digits}`,
      countryCode: "VN",
      batteryKwh: 82,
    },
  });
  if (answer.kind !== "done") return null;
  const vehicleId = textAt(answer.body, "vehicle.id");
  promises.keep({ kind: "vehicle", id: vehicleId });
  return { vehicleId, nextDay: 0 };
};

const firstDay = Date.UTC(2024, 0, 2);

/** Trips that nobody has driven before, some days of them. */
const tripsOf = ({ chances }: Actor, garage: Garage, days: number): string => {
  const lines = ["start_time,end_time,distance_km,energy_consumed"];
  for (let day = 0; day < days; day++) {
    const date = new Date(firstDay + garage.nextDay++ * 86_400_000).toISOString().slice(0, 10);
    for (const hour of [7, 17]) {
      const minute = String(chances.whole(10, 59));
      const km = chances.whole(180, 420) / 10;
      const time = (at: number) => `${date}T${String(at).padStart(2, "0")}:${minute}:00Z`;
      lines.push(`${time(hour)},${time(hour + 1)},${km},${(km * 0.17).toFixed(2)}`);
    }
  }
  return lines.join("\n");
};

export const importTrips = async (
  actor: Actor,
  garage: Garage,
  days = actor.chances.whole(3, 12),
): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const answer = await wire.insist({
    method: "POST",
    path: `/api/vehicles/${garage.vehicleId}/trips`,
    token: me.token,
    key: chances.name(),
    file: { type: "text/csv", text: tripsOf(actor, garage, days) },
  });
  if (answer.kind !== "done") return forget(actor, "import", answer);
  const id = textAt(answer.body, "importId");
  promises.keep({ kind: "import", id, said: String(Reflect.get(Object(answer.body), "imported")) });
};

/** Answers the request's id, nothing where there is none. */
export const requestCredits = async (actor: Actor, garage: Garage): Promise<string> => {
  const { wire, me, chances, promises } = actor;
  const answer = await wire.insist({
    method: "POST",
    path: "/api/credits/request",
    token: me.token,
    key: chances.name(),
    body: { vehicleId: garage.vehicleId },
  });
  if (answer.kind !== "done") {
    forget(actor, "request", answer);
    return "";
  }
  const id = textAt(answer.body, "request.id");
  if (id) promises.keep({ kind: "request", id });
  return id;
};

const freeGrams = async ({ wire, me }: Actor): Promise<number> => {
  const wallet = await wire.ask({ method: "GET", path: `/api/wallet/${me.id}`, token: me.token });
  return wallet.kind === "done" ? gramsOf(textAt(wallet.body, "balance")) : 0;
};

/** Lists a part of what is free: for a price, or to the highest bidder within seconds. */
export const list = async (actor: Actor, auction = actor.chances.number() < 0.35): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const free = await freeGrams(actor);
  if (free < 2_000) return;
  const grams = chances.whole(1_000, Math.min(free, 20_000));
  const answer = await wire.insist({
    method: "POST",
    path: "/api/marketplace/listings",
    token: me.token,
    key: chances.name(),
    body: {
      creditsAmount: creditsOf(grams),
      pricePerCredit: `${chances.whole(100, 400)}.00`,
      listingType: auction ? "auction" : "fixed",
      ...(auction
        ? { auctionEndTime: new Date(Date.now() + chances.whole(3_000, 8_000)).toISOString() }
        : {}),
    },
  });
  if (answer.kind !== "done") return forget(actor, "listing", answer);
  promises.keep({ kind: "listing", id: textAt(answer.body, "listing.id") });
};

/** Takes one of one's own listings away, or asks another price for it. */
export const changeListing = async (actor: Actor): Promise<void> => {
  const { wire, me, chances } = actor;
  const found = await wire.ask({
    method: "GET",
    path: `/api/marketplace/listings?seller=${me.id}&type=fixed&limit=20`,
    token: me.token,
  });
  const id = found.kind === "done" ? textAt(chances.pick(listAt(found.body, "items")), "id") : "";
  if (!id) return;
  const path = `/api/marketplace/listings/${id}`;
  if (chances.number() < 0.5) await wire.insist({ method: "DELETE", path, token: me.token });
  else
    await wire.insist({
      method: "PATCH",
      path,
      token: me.token,
      body: { pricePerCredit: `${chances.whole(100, 400)}.00` },
    });
};

/** Sells to whoever wants credits. */
export const fillWanted = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const open = await wire.ask({ method: "GET", path: "/api/marketplace/wanted?limit=20", token: me.token });
  const wanted = open.kind === "done" ? chances.pick(listAt(open.body, "items")) : undefined;
  const id = textAt(wanted, "id");
  const free = await freeGrams(actor);
  const grams = Math.min(free, gramsOf(textAt(wanted, "creditsRemaining")));
  if (!id || grams < 1_000) return;
  const answer = await wire.insist({
    method: "POST",
    path: `/api/marketplace/wanted/${id}/fill`,
    token: me.token,
    key: chances.name(),
    body: { creditsAmount: creditsOf(grams) },
  });
  if (answer.kind !== "done") return forget(actor, "fill", answer);
  promises.keep({ kind: "order", id: textAt(answer.body, "order.id") });
};

export const withdraw = async (actor: Actor): Promise<void> => {
  const { wire, me, chances, promises } = actor;
  const balance = await wire.ask({ method: "GET", path: `/api/payments/balance/${me.id}`, token: me.token });
  const available = balance.kind === "done" ? Number(textAt(balance.body, "available")) : 0;
  if (!(available >= 1)) return;
  const cents = chances.whole(50, Math.floor(available * 100));
  // Some banks take nothing, or send it back.
  const account = chances.weighed([
    [6, "1234567890123456"],
    [1, "000111111116"],
    [1, "000555555559"],
  ]);
  const answer = await wire.insist({
    method: "POST",
    path: "/api/payments/withdraw",
    token: me.token,
    key: chances.name(),
    body: { amount: (cents / 100).toFixed(2), bankAccount: account },
  });
  if (answer.kind !== "done") return forget(actor, "withdrawal", answer);
  promises.keep({ kind: "withdrawal", id: textAt(answer.body, "withdrawal.id") });
};
