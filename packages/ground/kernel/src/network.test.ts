import { expect, test } from "bun:test";
import { networkOf, siteOf } from "./network.ts";

test("180 addresses of one /64 are one client, whichever way they are written", () => {
  const many = Array.from({ length: 180 }, (_, at) => `2001:db8:1:2::${at.toString(16)}`);
  expect(new Set([...many, "2001:0db8:0001:0002:ffff:ffff:ffff:ffff"].map(networkOf))).toEqual(
    new Set(["2001:db8:1:2::/64"]),
  );
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
});

test("IPv4 stays itself, also written as IPv6", () => {
  for (const written of ["203.0.113.7", "::ffff:203.0.113.7", "::ffff:cb00:7107"])
    expect([networkOf(written), siteOf(written)]).toEqual(["203.0.113.7", null]);
});

test("neighbouring networks of one customer share a site; what is no address stays as it is", () => {
  expect(siteOf("2001:db8:1:2::1")).toBe(siteOf("2001:db8:1:ffff::1") as string);
  expect(siteOf("2001:db8:2:2::1")).not.toBe(siteOf("2001:db8:1:2::1") as string);
  for (const odd of ["unknown", "", "1:2:3", "::ffff:1.2.3.4:9:9:9:9:9:9"]) expect(networkOf(odd)).toBe(odd);
});
