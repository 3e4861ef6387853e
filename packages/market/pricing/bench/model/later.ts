import { hintLog } from "../../src/model/hint.ts";
import type { Sale } from "../../src/model/trade.ts";
import { type WalkOptions, walk } from "../../src/model/walk.ts";
import type { Attack } from "./attacks.ts";
import { chance, simulateSales } from "./simulate.ts";

/** `sleepers` were made weeks before and have each bought twice at honest prices since. */
export const laterOrigins = ["new", "sleepers", "insiders"] as const;
/** How the bought price comes about: at once, little by little, only in the second half, every other time, or all in the last hour. */
export const shapes = ["at once", "drift", "second half", "every other", "last hour"] as const;

/** An attack on the credits of one country and method, looked at for weeks. */
export type LaterAttack = Omit<Attack, "origin" | "pattern"> & {
  readonly origin: (typeof laterOrigins)[number];
  readonly shape: (typeof shapes)[number];
  /** Many tiny lots instead of such as others sell. */
  readonly tiny: boolean;
  /** Of the kind that was sold least until then, instead of the newest sale's. */
  readonly thin?: boolean;
};

const HONEST_AFTER_DAYS = 40;
const HOUR = 1 / 24;
const TINY = Math.log(0.01);
const ALIKE = 10;
const SLEPT_DAYS = [25, 22];

type Simulated = ReturnType<typeof simulateSales>;
type World = { readonly whole: Simulated; readonly victim: Simulated[number]; readonly random: () => number };

const namesOf = ({ accounts, origin }: LaterAttack): string[] =>
  Array.from({ length: accounts }, (_, k) =>
    origin === "insiders" ? `${k % 2 ? "buyer" : "seller"} ${k >> 1}` : `${origin} ${k}`,
  );

/** What sleepers did before: each bought from the market's people as others do. */
const sleptThrough = (
  { whole, victim, random }: World,
  { origin, honest }: LaterAttack,
  names: readonly string[],
): Sale[] =>
  origin === "sleepers"
    ? names.flatMap((buyer) =>
        SLEPT_DAYS.map((back) => {
          const near =
            whole.slice(0, honest).findLast(({ day }) => day <= victim.day - back) ?? (whole[0] as Sale);
          const { seller } = whole[Math.floor(random() * honest)] as Sale;
          return { ...near, day: victim.day - back + random(), buyer, seller };
        }),
      )
    : [];

const shareOf = (shape: LaterAttack["shape"], done: number, i: number): number => {
  if (shape === "drift") return done;
  if (shape === "second half") return done > 0.5 ? 1 : 0;
  return shape === "every other" ? i % 2 : 1;
};

/** The attack's sales: as they are, and as they would be at the true price. */
const boughtIn = ({ victim, random }: World, attack: LaterAttack, names: readonly string[]) =>
  Array.from({ length: attack.trades }, (_, i) => {
    const done = (i + 1) / (attack.trades + 1);
    const any = () => names[Math.floor(random() * names.length)] as string;
    const fair: Sale = {
      ...victim,
      buyer: any(),
      seller: any(),
      size: attack.tiny ? TINY : victim.size,
      day: victim.day + (attack.shape === "last hour" ? attack.days - HOUR * (1 - done) : done * attack.days),
      log: victim.truth,
    };
    return {
      fair,
      paid: { ...fair, log: fair.log + shareOf(attack.shape, done, i) * Math.log(attack.factor) },
    };
  });

/** Whose kind is bought: the newest sale's, or the one that was sold least, as it would be sold now. */
const victimOf = (sales: Simulated, thin: boolean): Simulated[number] => {
  const newest = sales.at(-1) as Simulated[number];
  if (!thin) return newest;
  const kinds = [...Map.groupBy(sales, ({ country, method }) => `${country} ${method}`).values()];
  const [[rare] = [newest]] = kinds.sort((a, b) => a.length - b.length);
  const { day, level } = newest;
  return {
    ...(rare as Simulated[number]),
    day,
    level,
    truth: (rare?.truth ?? 0) - (rare?.level ?? 0) + level,
  };
};

/**
 * How far an attack moves the hints for the credits that it buys, so many days after its end: the mean of hint with it ÷ hint in the
 * same market without it − 1; where that market has no figure, ÷ the hint had the same sales been at the true price.
 * Null where the attacked market has none. Honest trade goes on all the while.
 */
export const playLater = (
  attack: LaterAttack,
  options: WalkOptions,
  afters: readonly number[],
): (number | null)[] => {
  const random = chance(attack.seed * 7_919 + 17);
  const { seed, honest, days } = attack;
  const whole = simulateSales({ seed, trades: honest + 2 * (days + HONEST_AFTER_DAYS) });
  const victim = victimOf(whole.slice(0, honest), attack.thin ?? false);
  const world: World = { whole, victim, random };
  const names = namesOf(attack);
  const before = sleptThrough(world, attack, names);
  const bought = boughtIn(world, attack, names);
  const alike = whole
    .slice(0, honest)
    .filter(({ country, method }) => country === victim.country && method === victim.method)
    .slice(-ALIKE);
  return afters.map((after) => {
    const day = victim.day + days + after + 0.001;
    const base = [...whole.filter((sale) => sale.day < day), ...before];
    const [within, fair, without] = [bought.map(({ paid }) => paid), bought.map((one) => one.fair), []].map(
      (sales) =>
        walk(
          [...base, ...sales].sort((a, b) => a.day - b.day),
          options,
          day,
        ),
    );
    const moves = alike.flatMap((offering) => {
      const [paid, at, none] = [within, fair, without].map((each) => each && hintLog(each, offering, day));
      const other = none ?? at;
      return typeof paid === "number" && typeof other === "number" ? [Math.exp(paid - other) - 1] : [];
    });
    return moves.length === 0 ? null : moves.reduce((sum, move) => sum + move, 0) / moves.length;
  });
};
