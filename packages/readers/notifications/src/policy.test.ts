import { describe, expect, test } from "bun:test";
import {
  digestDue,
  leavingOf,
  type Manner,
  nextAt,
  quietUntil,
  undeliveredReason,
  zoneOf,
} from "./policy.ts";
import { write } from "./templates.ts";

const at = (text: string) => new Date(text);
const nights: Manner = { zone: "Asia/Ho_Chi_Minh", quiet: { from: 22 * 60, to: 7 * 60 }, digest: "off" };

describe("quiet hours", () => {
  test("are the reader's own, over midnight, and end where their clock says so", () => {
    // 23:30 in Vietnam.
    expect(quietUntil(at("2026-03-01T16:30:00Z"), nights)).toEqual(at("2026-03-02T00:00:00Z"));
    expect(quietUntil(at("2026-03-01T23:59:30Z"), nights)).toEqual(at("2026-03-02T00:00:00Z"));
    expect(quietUntil(at("2026-03-02T00:00:00Z"), nights)).toBeNull();
    expect(quietUntil(at("2026-03-01T14:59:00Z"), nights)).toBeNull();
    expect(quietUntil(at("2026-03-01T15:00:00Z"), nights)).toEqual(at("2026-03-02T00:00:00Z"));
  });

  test("end an hour sooner or later in the night in which clocks change", () => {
    const berlin: Manner = { zone: "Europe/Berlin", quiet: { from: 1320, to: 420 }, digest: "off" };
    expect(quietUntil(at("2026-03-28T22:00:00Z"), berlin)).toEqual(at("2026-03-29T05:00:00Z"));
    expect(quietUntil(at("2026-10-24T22:00:00Z"), berlin)).toEqual(at("2026-10-25T06:00:00Z"));
    // Half past two does not exist in that night.
    const gap = nextAt(at("2026-03-28T22:00:00Z"), 150, "Europe/Berlin");
    expect(gap.getTime()).toBeGreaterThan(at("2026-03-29T00:00:00Z").getTime());
    expect(gap.getTime()).toBeLessThan(at("2026-03-29T03:00:00Z").getTime());
  });

  test("of equal ends are none", () => {
    expect(quietUntil(at("2026-03-01T16:30:00Z"), { ...nights, quiet: { from: 60, to: 60 } })).toBeNull();
  });
});

describe("summaries", () => {
  test("are due at eight in the reader's morning, weekly ones on Monday", () => {
    const daily: Manner = { ...nights, quiet: null, digest: "daily" };
    expect(digestDue(at("2026-03-01T16:30:00Z"), daily)).toEqual(at("2026-03-02T01:00:00Z"));
    expect(digestDue(at("2026-03-02T01:00:00Z"), daily)).toEqual(at("2026-03-03T01:00:00Z"));
    // 3 March 2026 is a Tuesday.
    expect(digestDue(at("2026-03-03T05:00:00Z"), { ...daily, digest: "weekly" })).toEqual(
      at("2026-03-09T01:00:00Z"),
    );
    expect(digestDue(at("2026-03-01T16:30:00Z"), { ...daily, quiet: { from: 1320, to: 540 } })).toEqual(
      at("2026-03-02T02:00:00Z"),
    );
  });
});

describe("when a message leaves", () => {
  const night = at("2026-03-01T16:30:00Z");
  const morning = at("2026-03-02T00:00:00Z");
  const daily: Manner = { ...nights, digest: "daily" };
  const leaves = (more: Partial<Parameters<typeof leavingOf>[2]>, manner = nights) =>
    leavingOf(night, manner, { channel: "email", topic: "sales", deadline: null, ...more });

  test("waits for the morning; lost money and access are mailed at once and ring nowhere at night", () => {
    expect(leaves({})).toEqual({ notBefore: morning, digest: false });
    expect(leaves({ topic: null })).toEqual({ notBefore: null, digest: false });
    expect(leaves({ topic: null, channel: "push" })).toEqual({ notBefore: morning, digest: false });
    expect(leaves({ topic: null, channel: "sms" })).toEqual({ notBefore: morning, digest: false });
  });

  test("what would be over by then leaves at once, and never waits for a summary", () => {
    expect(leaves({ deadline: at("2026-03-01T17:00:00Z") }, daily)).toEqual({
      notBefore: null,
      digest: false,
    });
    expect(leaves({ deadline: at("2026-03-05T17:00:00Z") }, daily)).toEqual({
      notBefore: morning,
      digest: false,
    });
  });

  test("only mails go into a summary", () => {
    expect(leaves({}, daily)).toEqual({ notBefore: at("2026-03-02T01:00:00Z"), digest: true });
    expect(leaves({ channel: "push" }, daily)).toEqual({ notBefore: morning, digest: false });
    expect(leaves({ topic: null }, daily)).toEqual({ notBefore: null, digest: false });
  });
});

test("times are told in the reader's zone, with its offset: the one they chose, or that of most who read their language", () => {
  expect(zoneOf({ zone: "America/New_York" }, "vi")).toBe("America/New_York");
  expect(zoneOf(null, "en")).toBe("UTC");
  const details = {
    grams: "30000",
    totalMinor: "51",
    currency: "USD",
    expiresAt: "2026-11-27T18:42:00.000Z",
  };
  const said = (locale: "en" | "vi") => write("order_placed", details, locale, zoneOf(null, locale)).message;
  expect(said("vi")).toContain("trước 01:42 28/11/2026 (GMT+7)");
  expect(said("en")).toContain("before 27 Nov 2026, 18:42 UTC");
});

test("why a message was not sent is said once and in the reader's language; the other server's words stay", () => {
  const reasons = [
    "Refused: 550 5.1.1 No such mailbox",
    "Refused: The address takes no mail: 550 $& gone",
    "Given up after 9 tries in a day: connect ECONNREFUSED",
    "Given up after 3 tries in six hours: timeout",
    "The receiver no longer exists.",
    "Came back: 5.1.1 unknown here",
    "something else",
  ];
  expect(reasons.map((reason) => undeliveredReason(reason, "en"))).toEqual([
    "Refused: 550 5.1.1 No such mailbox",
    "The address takes no mail: 550 $& gone",
    "Given up after 9 tries in a day: connect ECONNREFUSED",
    "Given up after 3 tries in six hours: timeout",
    "The receiver no longer exists.",
    "Came back: 5.1.1 unknown here",
    "something else",
  ]);
  expect(reasons.map((reason) => undeliveredReason(reason, "vi"))).toEqual([
    "Bị từ chối: 550 5.1.1 No such mailbox",
    "Địa chỉ không nhận thư: 550 $& gone",
    "Đã bỏ sau 9 lần thử trong một ngày: connect ECONNREFUSED",
    "Đã bỏ sau 3 lần thử trong sáu giờ: timeout",
    "Người nhận không còn tồn tại.",
    "Thư bị trả lại: 5.1.1 unknown here",
    "something else",
  ]);
});
