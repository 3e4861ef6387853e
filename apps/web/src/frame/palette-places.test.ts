import { expect, test } from "bun:test";
import { findsFor, matches } from "./palette-places.ts";

const kinds = (typed: string, role: string | null) => findsFor(typed, role).map(({ kind }) => kind);

test("a certificate's number and a serial lead to themselves, other words to the registry", () => {
  expect(findsFor("evxc-2026-abc123", null)[0]).toEqual({ kind: "certificate", href: "/c/EVXC-2026-ABC123" });
  expect(kinds("EVX-VN-FLAT1-2026-B7K2", "buyer")).toEqual(["serial"]);
  expect(kinds("lotus bay", null)).toEqual(["registry"]);
  expect(kinds("   ", "admin")).toEqual([]);
});

test("only an operator is led to a search over everything", () => {
  expect(kinds("lan", "admin")).toEqual(["all", "registry"]);
  expect(kinds("lan", "cva")).toEqual(["registry"]);
});

test("Vietnamese is found without its marks, and each word must fit", () => {
  expect(matches("Sàn giao dịch", "giao dich")).toBe(true);
  expect(matches("Đấu giá của tôi", "dau")).toBe(true);
  expect(matches("Issuance requests", "iss req")).toBe(true);
  expect(matches("Issuance requests", "iss wallet")).toBe(false);
});
