import { expect, test } from "bun:test";
import { readAudit, verdictOf } from "./advisories.ts";

const one = (severity: string) => ({ title: "Reads past the end", severity, url: "https://example.com/1" });

test("an advisory of grave severity fails the run and is named", () => {
  const told = readAudit({ out: JSON.stringify({ parser: [one("high"), one("low")] }), err: "" });
  const { says, fails } = verdictOf(told);
  expect(fails).toBe(true);
  expect(says).toContain("1 grave and 1 lesser");
  expect(says).toContain("parser: high: Reads past the end");
});

test("lesser ones are told and fail nobody, and none is told as none", () => {
  expect(verdictOf(readAudit({ out: JSON.stringify({ parser: [one("moderate")] }), err: "" })).fails).toBe(
    false,
  );
  expect(verdictOf(readAudit({ out: "{}", err: "" }))).toMatchObject({
    fails: false,
    says: expect.stringContaining("0 grave"),
  });
});

test("a registry that does not answer is said plainly, and is no failure", () => {
  for (const answer of [
    { out: "", err: "error: POST the registry - 405" },
    { out: "{ half", err: "" },
    { out: "<html>", err: "" },
  ]) {
    const { says, fails } = verdictOf(readAudit(answer));
    expect(says).toStartWith("NOT CHECKED");
    expect(fails).toBe(false);
  }
});
