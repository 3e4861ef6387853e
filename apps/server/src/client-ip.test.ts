/** A client is its address, however the proxy in front writes it. */
import { expect, test } from "bun:test";
import { networkOf } from "@evx/kernel";
import { clientIp } from "./client-ip.ts";

const proxies = ["172.30.0.10", "::1"];
const behind = (forwarded: string, peer = "172.30.0.10") => clientIp(peer, forwarded, proxies);

test("a port that a proxy writes behind an address makes no other client of each connection", () => {
  const ways = ["198.51.100.9:50123", "198.51.100.9:50124", "198.51.100.9", "::ffff:198.51.100.9"];
  expect(ways.map((way) => behind(way))).toEqual(ways.map(() => "198.51.100.9"));
  expect(behind('"[2001:db8:1:1::7]:50123"')).toBe("2001:db8:1:1::7");
  expect(behind("[2001:db8:1:1::7]")).toBe("2001:db8:1:1::7");
  const mapped = ["::ffff:c633:6409", "::FFFF:198.51.100.9", "0:0:0:0:0:ffff:198.51.100.9"];
  expect(mapped.map((way) => networkOf(behind(way)))).toEqual(mapped.map(() => "198.51.100.9"));
});

test("what is no address is nobody's: it counts as the proxy's", () => {
  for (const odd of ["unknown", "_hidden", "junk17", "999.1.1.1", "198.51.100.9:", "[::1", " , ,"])
    expect([odd, behind(odd)]).toEqual([odd, "172.30.0.10"]);
});

test("the last entry counts that no trusted proxy wrote, and nobody else is believed", () => {
  expect(behind("203.0.113.1, 198.51.100.9, 172.30.0.10:443")).toBe("198.51.100.9");
  expect(behind("203.0.113.1", "203.0.113.99")).toBe("203.0.113.99");
  expect(behind("203.0.113.1", "::ffff:172.30.0.10")).toBe("203.0.113.1");
});
