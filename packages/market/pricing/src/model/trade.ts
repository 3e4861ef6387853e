/** What is known of an offering before its price; null where it was not asked for. `size` is ln credits. */
export type Offering = {
  readonly country: string | null;
  readonly method: string | null;
  readonly vintage: number | null;
  readonly size: number;
  readonly auction: boolean;
};

/** A past sale as the models see it: `day` is days since 1970 with their fraction, `log` the ln of its price. */
export type Sale = Offering & {
  readonly country: string;
  readonly method: string;
  readonly vintage: number;
  readonly day: number;
  readonly log: number;
  readonly buyer: string;
  readonly seller: string;
};

/** Everybody who bought or sold. */
export const tradersOf = (sales: readonly Pick<Sale, "buyer" | "seller">[]): number =>
  new Set(sales.flatMap(({ buyer, seller }) => [buyer, seller])).size;

/**
 * Index of the first sale that is not strictly earlier than `day`: `sales.slice(0, earlierThan(sales, day))` is all that
 * a prediction for that moment may read. Sales are in order of time.
 */
export const earlierThan = (sales: readonly Pick<Sale, "day">[], day: number): number => {
  let low = 0;
  let high = sales.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sales[middle] as Sale).day < day) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** An account is known once it has been there for so many days, */
const PROBATION_DAYS = 14;
/** and has traded with so many who were known by then, or with so many others at all. */
const FEWEST_KNOWN = 1;
const FEWEST_PARTNERS = 2;

type Account = { readonly since: number; readonly partners: Set<string>; readonly known: Set<string> };

/**
 * The day from which each sale may move a hint. Whoever pays makes a price, so it is the buyer who counts: at once when
 * known by then, or there among the market's first sales; else after the probation, so that no account can be made
 * today to move tomorrow's price. Reads earlier sales only.
 *
 * @param founding so many first sales make their people known: somebody has to begin.
 */
export const heardSince = (
  sales: readonly Pick<Sale, "day" | "buyer" | "seller">[],
  founding: number,
): number[] => {
  const accounts = new Map<string, Account>();
  const founders = new Set<string>();
  const isKnown = (who: string, day: number): boolean => {
    if (founders.has(who)) return true;
    const one = accounts.get(who);
    return (
      one !== undefined &&
      day - one.since >= PROBATION_DAYS &&
      (one.known.size >= FEWEST_KNOWN || one.partners.size >= FEWEST_PARTNERS)
    );
  };
  const meet = (who: string, other: string, day: number): void => {
    const one = accounts.get(who) ?? { since: day, partners: new Set(), known: new Set() };
    accounts.set(who, one);
    if (who === other || one.partners.size >= FEWEST_PARTNERS) return;
    one.partners.add(other);
    if (isKnown(other, day)) one.known.add(other);
  };
  return sales.map(({ day, buyer, seller }, i) => {
    if (i < founding) founders.add(buyer).add(seller);
    const counts = buyer !== seller && isKnown(buyer, day);
    meet(buyer, seller, day);
    meet(seller, buyer, day);
    return counts ? day : day + PROBATION_DAYS;
  });
};

/** Who traded, as numbers: what the caps count by. Parallel to the sales. */
export type Sides = { readonly buyers: readonly number[]; readonly sellers: readonly number[] };

export const sidesOf = (sales: readonly Pick<Sale, "buyer" | "seller">[]): Sides => {
  const numbers = new Map<string, number>();
  const number = (name: string): number => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  return {
    buyers: sales.map(({ buyer }) => number(buyer)),
    sellers: sales.map(({ seller }) => number(seller)),
  };
};

/** Whom an account counts as. */
export const sideOf = (circles: ReadonlyMap<number, number>, who: number | undefined): number =>
  circles.get(who as number) ?? (who as number);

const countedAs = (
  who: readonly number[],
  circles: ReadonlyMap<number, number>,
  places: readonly number[],
): number[] => {
  const found = new Array<number>(places.length);
  const alone = circles.size === 0;
  for (let at = 0; at < found.length; at++) {
    const one = who[places[at] as number] as number;
    found[at] = alone ? one : sideOf(circles, one);
  }
  return found;
};

/** The sides of the sales at these places, those of a circle as one. */
export const sidesAt = (
  { sides, circles }: { sides: Sides; circles: ReadonlyMap<number, number> },
  places: readonly number[],
): Sides => ({
  buyers: countedAs(sides.buyers, circles, places),
  sellers: countedAs(sides.sellers, circles, places),
});

/** Who has which number, where the mark is that of this numbering: what a map would say, many times as fast. */
let marks: Int32Array = new Int32Array(1_024);
let numbers: Int32Array = new Int32Array(1_024);
let numbering = 0;

type Numbered = { readonly bought: Int32Array; readonly sold: Int32Array; readonly traders: number };
const numberings = new WeakMap<Sides, Numbered>();

const largerThan = (before: Int32Array, most: number): Int32Array => {
  const larger = new Int32Array(2 * most + 2);
  larger.set(before);
  return larger;
};

/** The same people counted from 0, so that arrays can hold what is known of each. */
export const numbered = (sides: Sides): Numbered => {
  const known = numberings.get(sides);
  if (known) return known;
  numbering++;
  let traders = 0;
  const numbersOf = (people: readonly number[]): Int32Array => {
    const found = new Int32Array(people.length);
    for (let i = 0; i < found.length; i++) {
      const who = people[i] as number;
      if (who >= marks.length) [marks, numbers] = [largerThan(marks, who), largerThan(numbers, who)];
      if (marks[who] !== numbering) {
        marks[who] = numbering;
        numbers[who] = traders++;
      }
      found[i] = numbers[who] as number;
    }
    return found;
  };
  const [bought, sold] = [numbersOf(sides.buyers), numbersOf(sides.sellers)];
  const found = { bought, sold, traders };
  numberings.set(sides, found);
  return found;
};

/** What each trader's sales weigh together, while their weights are being capped. */
let shares = new Float64Array(1_024);

/**
 * Lowers weights until no trader's sales and purchases together weigh more than `cap` of the whole. Where so few trade
 * that this cannot be, the cap is their fair share: two people are in every sale, so 2 / traders. Nobody's weigh more than
 * `absolute` either.
 */
export const capTraders = (
  sides: Sides,
  weights: readonly number[],
  cap: number,
  absolute = Infinity,
): number[] => {
  const capped = weights.slice();
  const { bought, sold, traders } = numbered(sides);
  if (shares.length < traders) shares = new Float64Array(2 * traders);
  // Each round lowers whoever is above; what they lose raises the others' share, so it takes a few.
  for (let round = 0; round < 12; round++) {
    shares.fill(0, 0, traders);
    let whole = 0;
    for (let i = 0; i < capped.length; i++) {
      const weight = capped[i] as number;
      const [buyer, seller] = [bought[i] as number, sold[i] as number];
      whole += weight;
      shares[buyer] = (shares[buyer] as number) + weight;
      if (seller !== buyer) shares[seller] = (shares[seller] as number) + weight;
    }
    const most = Math.min(absolute, Math.max(cap, 2 / Math.max(traders, 1)) * whole);
    let worst = 0;
    for (let who = 0; who < traders; who++) worst = Math.max(worst, shares[who] as number);
    if (worst <= most * 1.01) break;
    for (let i = 0; i < capped.length; i++) {
      const share = Math.max(shares[bought[i] as number] as number, shares[sold[i] as number] as number);
      if (share > most) capped[i] = ((capped[i] as number) * most) / share;
    }
  }
  return capped;
};
