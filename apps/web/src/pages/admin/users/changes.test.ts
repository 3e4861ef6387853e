import { expect, test } from "bun:test";
import { changesOf, type Sayings } from "./changes.ts";

const say: Sayings = {
  locale: "vi",
  yes: "yes",
  no: "no",
  credits: (decimal) => `${decimal} credits`,
  money: (amount, currency) => `${amount} ${currency}`,
  number: (value) => `#${value}`,
  moment: (at) => `at ${at}`,
  country: (code) => `country ${code}`,
  word: (value) => (value === "fixed" ? "fixed price" : null),
};

test("a listing is told by its credits and price, never by grams and minor units", () => {
  expect(
    changesOf(null, { kind: "fixed", grams: "72621", currency: "USD", priceMinor: "1761" }, say),
  ).toEqual({
    changes: [
      { field: "field.kind", before: null, after: "fixed price" },
      { field: "field.credits", before: null, after: "0.072621 credits" },
      { field: "field.price", before: null, after: "17.61 USD" },
    ],
    rest: "",
  });
});

test("what was and what is stand together, and what has no name is set aside", () => {
  expect(
    changesOf(
      { status: "in_review", lei: null },
      { status: "approved", batchId: "bat_1", roots: ["9e", "47"], lei: null },
      say,
    ),
  ).toEqual({
    changes: [{ field: "field.status", before: "in_review", after: "approved" }],
    rest: 'batchId: bat_1\nroots: ["9e","47"]',
  });
});

test("an announcement is shown in the reader's language, a price without a currency as it was written", () => {
  expect(changesOf(undefined, { en: "Closed", vi: "Đóng cửa", priceMinor: "5", funded: false }, say)).toEqual(
    {
      changes: [
        { field: "field.text", before: null, after: "Đóng cửa" },
        { field: "field.price", before: null, after: "5" },
        { field: "field.funded", before: null, after: "no" },
      ],
      rest: "",
    },
  );
});

test("values of rooms are looked up, and no name of Object's own is taken for one", () => {
  expect(changesOf(null, { constructor: "x" }, say)).toEqual({ changes: [], rest: "constructor: x" });
});
