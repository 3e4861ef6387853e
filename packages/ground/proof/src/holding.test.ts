import { expect, test } from "bun:test";
import { hex } from "./bytes.ts";
import { verifyHolding } from "./holding.ts";
import { bindBook, bookPath, type HoldingLeaf, holdingNode, holdingSalt, newTreeSecret } from "./tree.ts";

const day = "2026-03-01";

/** A book in which each of so many people holds a thousand grams in two parts, and a reader of its tiles. */
const bookOf = (people: number) => {
  const secret = newTreeSecret();
  const leaves = Array.from({ length: people * 2 }, (_, at): HoldingLeaf => {
    const part = at % 2 === 0 ? (1 as const) : (2 as const);
    return { day, holder: `usr_${at >> 1}`, state: "held", part, grams: part === 1 ? "300" : "700" };
  });
  const book = bindBook(leaves.map((leaf) => holdingNode(leaf, secret)));
  const read = async (level: number, n: number, width: number) => {
    const tile = (book.levels[level] ?? new Uint8Array()).subarray(n * 10_240, n * 10_240 + 10_240);
    if (tile.length < width * 40) throw new RangeError(`tile ${level}/${n} is not ${width} wide`);
    return tile;
  };
  const fileOf = async (person: number) => ({
    format: "evx-holding/1",
    day,
    holder: `usr_${person}`,
    root: book.root,
    leaves: leaves.length,
    sum: String(book.grams),
    items: [
      {
        state: "held",
        parts: await Promise.all(
          leaves.slice(person * 2, person * 2 + 2).map(async (leaf, at) => ({
            grams: leaf.grams,
            salt: hex(holdingSalt(leaf, secret)),
            place: book.places[person * 2 + at] ?? 0,
            path: await bookPath(read, { count: leaves.length, place: book.places[person * 2 + at] ?? 0 }),
          })),
        ),
      },
    ],
    log: null,
  });
  return { book, fileOf };
};

test("in a book of any size every holder finds what they hold, and all of it sums to the book's grams", async () => {
  for (const people of [1, 2, 3, 127, 128, 129, 300]) {
    const { book, fileOf } = bookOf(people);
    expect(book.grams).toBe(BigInt(people) * 1000n);
    for (const person of [0, people >> 1, people - 1]) {
      const file = await fileOf(person);
      const verdict = await verifyHolding(JSON.stringify(file), { holder: `usr_${person}` });
      expect(verdict.checks[0]?.detail).toContain(`among ${people * 2} leaves`);
      expect(verdict.grams).toEqual(new Map([["held", 1000n]]));
    }
  }
});

test("a book of 33,000 people is read from at most three tiles a hash", async () => {
  const { fileOf } = bookOf(33_000);
  expect((await verifyHolding(await fileOf(31_999))).ok).toBe(true);
}, 60_000);

test("other grams, another's leaf, one leaf twice, another day or size: not in the book", async () => {
  const { fileOf } = bookOf(9);
  const file = await fileOf(4);
  const [item] = file.items;
  const [one, two] = item?.parts ?? [];
  if (!item || !one || !two) throw new Error("no parts");
  const withParts = (...parts: object[]) => ({ ...file, items: [{ ...item, parts }] });
  const lies = [
    withParts({ ...one, grams: "301" }, two),
    withParts(two, one),
    withParts(one, one),
    withParts(one),
    withParts({ ...one, path: one.path.slice(1) }, two),
    withParts({ ...one, path: [{ ...one.path[0], grams: "-1" }, ...one.path.slice(1)] }, two),
    { ...file, day: "2026-03-02" },
    { ...file, leaves: 19 },
    { ...file, sum: "9001" },
    { ...file, holder: "usr_5" },
    { ...file, items: [item, item] },
    { ...file, format: "evx-holding/2" },
    null,
    "{",
  ];
  for (const lie of lies)
    expect((await verifyHolding(lie)).ok, JSON.stringify(lie)?.slice(0, 200)).toBe(false);
  expect((await verifyHolding(file, { holder: "usr_5" })).ok).toBe(false);
});

test("the answer of the API is read as the file in it; one without a file says so", async () => {
  const { fileOf } = bookOf(9);
  const answer = { closedAt: "2026-03-02T00:00:00.000Z", file: await fileOf(4) };
  expect((await verifyHolding(JSON.stringify(answer))).ok).toBe(true);
  const none = await verifyHolding({ closedAt: null, file: null });
  expect(none.checks[0]?.detail).toBe("The day's book has nothing of this holder.");
});
