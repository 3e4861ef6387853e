import { expect, test } from "bun:test";
import { join } from "node:path";
import { acts, lifecycle, stands } from "./lifecycle.ts";

const page = join(import.meta.dir, "../../../../docs/payments.md");

const refunds: Record<string, string> = {
  escrow: "from escrow",
  sellers: "from whom it was given to",
  payment_not_captured: "no",
  payment_disputed: "not while disputed",
};
const pays: Record<string, string> = {
  page: "yes",
  payment_pending: "waits",
  payment_expired: "no",
  payment_already_paid: "paid",
};

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const words = (name: string): string => name.replaceAll("_", " ");

const rowsOf = (): string[] =>
  stands.map((stand) => {
    const { pay, refund, settles, sale, order } = lifecycle[stand];
    return row(
      words(stand),
      order,
      words(sale),
      pays[pay] ?? "",
      settles ? "yes" : "no",
      refunds[refund] ?? "",
    );
  });

const movesOf = (): string[] =>
  stands.map((stand) =>
    row(words(stand), ...acts.map((act) => (lifecycle[stand].next[act] ?? []).map(words).join(", "))),
  );

const drawing = (): string[] =>
  stands.flatMap((stand) =>
    acts.flatMap((act) =>
      (lifecycle[stand].next[act] ?? []).map((next) => `  ${stand} --> ${next}: ${words(act)}`),
    ),
  );

const text = (): string =>
  [
    "# The life of a payment",
    "",
    "Drawn from the table that the code asks (`packages/money/payments/src/lifecycle.ts`): what a payment, its refunds, its",
    "dispute and its order are together, what may be done then, and what each act makes of it. `life.test.ts` plays acts of all",
    "sides in random order and compares table, books and what the gateway really has; `pairs.test.ts` plays each two at once.",
    "",
    row(
      "the payment is",
      "its order",
      "the selling room hears",
      "may be paid",
      "may be settled",
      "a refund takes it",
    ),
    row("---", "---", "---", "---", "---", "---"),
    ...rowsOf(),
    "",
    "What each act makes of it; an empty place leaves it as it is:",
    "",
    row("", ...acts.map(words)),
    row("---", ...acts.map(() => "---")),
    ...movesOf(),
    "",
    "```mermaid",
    "stateDiagram-v2",
    "  [*] --> asked",
    ...drawing(),
    "```",
    "",
  ].join("\n");

test("docs/payments.md is drawn from the table; WRITE_TABLE=1 draws it anew", async () => {
  if (process.env.WRITE_TABLE) await Bun.write(page, text());
  expect(await Bun.file(page).text()).toBe(text());
});

test("from every row there is a way to an end", () => {
  const ends = ["over", "refunded", "charged_back", "sold", "sold_refunded", "sold_charged_back"];
  const reached = new Set<string>(ends);
  for (let round = 0; round < stands.length; round++)
    for (const stand of stands)
      if (Object.values(lifecycle[stand].next).some((next) => next.some((one) => reached.has(one))))
        reached.add(stand);
  expect(stands.filter((stand) => !reached.has(stand) && stand !== "sold_partly_refunded")).toEqual([]);
});
