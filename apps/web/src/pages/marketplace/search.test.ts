import { expect, test } from "bun:test";
import { inputOf, isFiltered } from "./search.ts";

test("what makes sense in an address is asked of the server", () => {
  const asked = {
    q: "VF 8",
    type: "auction",
    country: "VN",
    vintage: "2026",
    method: "flat-v1",
    quality: "export",
    minPrice: "9",
    maxPrice: "12.5",
    minCredits: "0.1",
    sort: "-price",
  };
  expect(inputOf(asked)).toEqual({ limit: 24, ...asked } as ReturnType<typeof inputOf>);
});

test("what makes none is left out, and never reaches the server", () => {
  const broken = {
    q: "",
    type: "lease",
    country: "vn",
    vintage: "26",
    quality: "guessed",
    minPrice: "cheap",
    maxPrice: "1e9",
    minCredits: "0",
    sort: "random",
  };
  expect(inputOf(broken)).toEqual({ limit: 24 });
  expect(inputOf({ maxPrice: "-1", minCredits: "1.1234567" })).toEqual({ limit: 24 });
});

test("a long word is cut rather than refused", () => {
  expect(inputOf({ q: "x".repeat(5_000) }).q).toHaveLength(100);
});

test("an order is no filter; a word is", () => {
  expect(isFiltered({ sort: "price" })).toBe(false);
  expect(isFiltered({ q: "x" })).toBe(true);
});
