/** Everybody at once: each goes from act to act, by chances of their own. */
import type { Actor } from "./acts/actor.ts";
import * as buyer from "./acts/buyer.ts";
import { approve, forge, look, operate, review } from "./acts/others.ts";
import * as owner from "./acts/owner.ts";
import type { People, Person } from "./people.ts";
import { chancesOf } from "./seeded.ts";

type Act = (actor: Actor) => Promise<unknown>;

export type Load = {
  readonly seed: number;
  readonly people: People;
  /** Who acts, with everything but their chances. */
  readonly stage: Omit<Actor, "me" | "chances">;
  readonly lasts: () => boolean;
  /** Forged webhooks that were taken. */
  readonly believed: string[];
  /** Acts that ended in a fault of the load itself. */
  readonly stumbled: string[];
};

type Going = { me: Person; name: string; pause_ms: number; next: (actor: Actor) => Act };

const going = async (
  { seed, stage, lasts, stumbled }: Load,
  { me, name, pause_ms, next }: Going,
): Promise<void> => {
  const actor: Actor = { ...stage, me, chances: chancesOf(seed, name) };
  while (lasts()) {
    try {
      await next(actor)(actor);
    } catch (error) {
      stumbled.push(`${name}: ${error instanceof Error ? error.stack : error}`);
    }
    await Bun.sleep(actor.chances.whole(5, pause_ms));
  }
};

const owning =
  (car: owner.Garage) =>
  (actor: Actor): Act =>
    actor.chances.weighed<Act>([
      [4, (one) => owner.importTrips(one, car)],
      [4, (one) => owner.requestCredits(one, car)],
      [6, owner.list],
      [1, owner.changeListing],
      [2, owner.fillWanted],
      [2, owner.withdraw],
    ]);

/** What there must be before anything can be lost: each owner has a car, credits, and some of them for sale. */
const prepared = async (load: Load): Promise<owner.Garage[]> => {
  const actorOf = (me: Person, name: string): Actor => ({
    ...load.stage,
    me,
    chances: chancesOf(load.seed, `before ${name}`),
  });
  return Promise.all(
    load.people.owners.map(async (me, n) => {
      const actor = actorOf(me, `owner ${n}`);
      const car = await owner.registerCar(actor);
      if (!car) throw new Error("A car could not be registered before anything was killed.");
      await owner.importTrips(actor, car, 30);
      const request = await owner.requestCredits(actor, car);
      const auditor = load.people.auditors[n % load.people.auditors.length] ?? me;
      await approve(actorOf(auditor, `auditor ${n}`), request);
      for (const auction of [false, false, true]) await owner.list(actor, auction);
      return car;
    }),
  );
};

const buying =
  (others: readonly string[]) =>
  (actor: Actor): Act =>
    actor.chances.weighed<Act>([
      [5, buyer.buy],
      [3, buyer.sweep],
      [4, buyer.bid],
      [2, buyer.want],
      [3, buyer.payWaiting],
      [1, buyer.object],
      [3, (one) => buyer.useCredits(one, others)],
    ]);

/**
 * Lays out what there is to lose, and answers what then runs until it is told that it is over, and until everybody has
 * finished what they were at.
 */
export const loadOf = async (load: Load): Promise<() => Promise<unknown>> => {
  const { people, believed } = load;
  const cars = await prepared(load);
  const ownersAct = (n: number) => {
    const car = cars[n];
    if (!car) throw new Error("Each owner has a car");
    return owning(car);
  };
  const ids = people.buyers.map(({ id }) => id);
  const several = (
    group: readonly Person[],
    role: string,
    pause_ms: number,
    next: (n: number) => Going["next"],
  ) => group.map((me, n) => going(load, { me, name: `${role} ${n}`, pause_ms, next: next(n) }));
  return () =>
    Promise.all([
      ...several(people.owners, "owner", 60, ownersAct),
      ...several(people.buyers, "buyer", 30, () => buying(ids)),
      ...several(people.auditors, "auditor", 120, () => () => review),
      ...several([people.operator], "operator", 1_200, () => () => operate),
      ...several([people.operator], "forger", 900, () => () => (one) => forge(one, believed)),
      ...several([people.operator], "onlooker", 200, () => () => look),
    ]);
};
