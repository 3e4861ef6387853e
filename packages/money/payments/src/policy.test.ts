import { describe, expect, test } from "bun:test";
import { mayBecome } from "./lifecycle.ts";
import { pageExpiry, shownStatus } from "./policy.ts";

describe("policy", () => {
  test("money that arrived is taken in from every unpaid status", () => {
    for (const status of ["created", "authorized", "failed", "expired"] as const) {
      expect(mayBecome(status, "captured")).toBe(true);
    }
    expect(mayBecome("captured", "expired")).toBe(false);
  });

  test("a paid payment says pending until it is settled", () => {
    const at = new Date("2026-03-01T00:00:00Z");
    expect(shownStatus({ status: "captured", settled_at: null })).toBe("pending");
    expect(shownStatus({ status: "captured", settled_at: at })).toBe("completed");
    expect(shownStatus({ status: "expired", settled_at: null })).toBe("failed");
  });

  test("a page lives long enough for the gateway and not longer than it allows", () => {
    const now = new Date("2026-03-01T00:00:00Z");
    const minutes = (windowEnds: string) =>
      (pageExpiry(new Date(windowEnds), now).getTime() - now.getTime()) / 60_000;
    expect(minutes("2026-03-01T00:10:00Z")).toBe(45);
    expect(minutes("2026-03-01T02:00:00Z")).toBe(120);
    expect(minutes("2026-03-03T00:00:00Z")).toBe(23 * 60);
  });
});
