import { daysAgo, present } from "./days.ts";
import { commuting, seedTrips } from "./garage.ts";
import { learnPrices, payFor, seedListing, seedRequest, settle } from "./market.ts";
import { contextAs } from "./people.ts";
import { auctioneers, creditsOf, list, listTaxis, type Owner, priceOf, type Town } from "./town.ts";

const hour_ms = 3_600_000;

const as = (town: Town, actor: Owner["actor"]) => town.runtime.callAs(contextAs(town.runtime, actor));

/** Owners who have driven again since and ask for it: the auditors' queue. */
const queue = async (town: Town, owners: readonly Owner[]): Promise<void> => {
  for (const owner of owners) {
    const trips = commuting(daysAgo(20), 16, owner.kmEachWay, 5_000 + owner.place, owner.home);
    await seedTrips(town.runtime, owner.actor, owner.car, trips);
    await seedRequest(town.runtime, owner.actor, owner.car);
  }
};

/** Auctions that run now, each with companies that outbid each other. */
const auctions = async (town: Town, owners: readonly Owner[]): Promise<void> => {
  for (const [place, owner] of owners.entries()) {
    const { balance } = await as(town, owner.actor).credits.wallet({ userId: owner.actor.id });
    const grams = Math.floor(Number(balance) * 1_000_000 * 0.8);
    if (grams < 55_000) continue;
    const listingId = await seedListing(town.runtime, owner.actor, {
      creditsAmount: creditsOf(grams),
      pricePerCredit: "11.00",
      auctionEndTime: new Date(present.getTime() + (5 + place * 19) * hour_ms).toISOString(),
    });
    for (let bid = 0; bid < 4; bid++) {
      const buyer = town.buyers[(place + bid) % Math.min(3, town.buyers.length)];
      if (buyer)
        await as(town, buyer.actor).marketplace.bids.place({
          listingId,
          bidAmount: (12.5 + bid * 0.75 + place * 0.4).toFixed(2),
        });
    }
  }
};

/** Owners who offer what they have left: what the market shows today. */
const offers = async (town: Town): Promise<void> => {
  if (town.owners <= 10) return;
  const sellers = town.drivers.slice(0, -auctioneers(town));
  // Who has enough offers some of it now and some later, at another price.
  const waiting = [...sellers, ...sellers];
  const next = async () => {
    const owner = waiting.shift();
    if (owner) await list(town, owner, owner.place % 20);
  };
  await listTaxis(town, { lots: 30, share: 0.8, today: 5 }, next);
  while (waiting.length > 0) await next();
};

/** Companies that want more than is for sale at their price, and pay for what there is. */
const wants = async (town: Town): Promise<void> => {
  for (const [place, { actor }] of town.buyers.slice(0, 3).entries()) {
    await as(town, actor).marketplace.wanted.place({
      creditsAmount: creditsOf(120_000 + place * 80_000),
      maxPrice: (16.25 - place * 0.35).toFixed(2),
    });
    const { items } = await as(town, actor).marketplace.orders.mine({ status: "pending_payment" });
    await payFor(town.runtime, actor, items);
  }
};

/** Sellers who take their money out; the operator has yet to approve it. */
const withdrawals = async (town: Town, owners: readonly Owner[]): Promise<void> => {
  for (const [place, owner] of owners.entries()) {
    const balance = await as(town, owner.actor).payments.balance({ userId: owner.actor.id });
    if (Number(balance.available) < Math.max(Number(balance.minimum), 0.1)) continue;
    await as(town, owner.actor).payments.withdraw({
      amount: balance.available,
      bankAccount: `Vietcombank 00710012345${String(10 + place)}`,
    });
  }
};

/** What is open today: a queue, auctions, wanted orders, withdrawals, and a sale that its buyer disputes. */
export const todayOf = async (town: Town): Promise<void> => {
  const half = Math.ceil(town.drivers.length / 2);
  await queue(town, town.drivers.slice(0, Math.min(5, half)));
  await auctions(town, town.drivers.slice(-auctioneers(town)));
  await offers(town);
  await wants(town);
  const disputed = town.orders.at(-1);
  if (disputed)
    await as(town, disputed.buyer).marketplace.disputes.open({
      id: disputed.id,
      reason:
        "The certificate names 2025, and we asked for credits of this year. Please exchange them or give the money back.",
    });
  await seedListing(town.runtime, town.people.owner, {
    creditsAmount: "0.060000",
    pricePerCredit: priceOf(town, 0),
  });
  await settle(town.runtime);
  await learnPrices(town.runtime);
  // Last, and left to the worker: banks are reached by the gateways, which do not run yet.
  await withdrawals(town, town.drivers.slice(0, 3));
};
