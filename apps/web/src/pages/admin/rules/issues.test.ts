import { expect, test } from "bun:test";
import { issueForForm } from "./issues.ts";

const words = {
  currency: "USD",
  shown: (field: string, held: number) => `<${field} ${held}>`,
  inRow: (row: number, field: string, message: string) => `row ${row}, ${field}: ${message}`,
};

test("a bound is said in the units that people type, and a count as it is", () => {
  const said = (path: string, message: string) => issueForForm({ path, message }, words).message;
  expect(said("value.window_s", "At most 86400.")).toBe("At most <window_s 86400>.");
  expect(said("value.platformFeeBps", "Nhiều nhất 5000.")).toBe("Nhiều nhất <platformFeeBps 5000>.");
  expect(said("value.strikes", "At most 1000.")).toBe("At most 1000.");
  expect(said("value.window_s", "Enter a whole number.")).toBe("Enter a whole number.");
  expect(said("reason", "At most 500 characters.")).toBe("At most 500 characters.");
});

test("what is wrong in a row is said at its list", () => {
  expect(issueForForm({ path: "value.bands.1.stepMinor", message: "At most 9." }, words)).toEqual({
    path: "value.bands",
    message: "row 2, stepMinor: At most <stepMinor 9>.",
  });
  expect(issueForForm({ path: "value.issuer.country", message: "x" }, words).path).toBe(
    "value.issuer.country",
  );
});
