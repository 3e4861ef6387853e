import { expect, test } from "bun:test";
import { passingFault } from "./faults.ts";
import { retryAfterOf } from "./trpc.ts";

const coded = (code: string, more: object = {}) => Object.assign(new Error("broken"), { code, ...more });

test("what passes is told apart from bugs, wherever in the causes of an error it is", () => {
  const found = (error: unknown) => passingFault(error)?.code ?? "a bug";
  for (const code of ["08006", "53300", "57P01", "57P02", "57P03", "25006"])
    expect([code, found(coded(code))]).toEqual([code, "database_away"]);
  for (const code of ["55P03", "57014", "40001", "40P01"])
    expect([code, found(coded(code))]).toEqual([code, "database_busy"]);
  for (const code of ["53100", "ENOSPC"]) expect([code, found(coded(code))]).toEqual([code, "storage_full"]);
  expect(found(coded("ECONNREFUSED", { syscall: "connect" }))).toBe("database_away");
  expect(found(new Error("timeout exceeded when trying to connect"))).toBe("database_away");
  expect(found(new Error("outer", { cause: new Error("inner", { cause: coded("53100") }) }))).toBe(
    "storage_full",
  );
  for (const bug of [coded("23505"), coded("42703"), new TypeError("x is not a function"), "text", null])
    expect(found(bug)).toBe("a bug");
});

test("each says in both languages when to ask again", () => {
  for (const code of ["08006", "55P03", "53100"]) {
    const fault = passingFault(coded(code));
    expect(retryAfterOf(fault)).toBeGreaterThan(0);
    expect([fault?.sentence("en"), fault?.sentence("vi")]).toEqual([
      expect.stringMatching(/ \d+ s\.$/),
      expect.stringMatching(/ \d+ giây\.$/),
    ]);
  }
});
