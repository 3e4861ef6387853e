import { expect, test } from "bun:test";
import { refusalCode } from "@evx/kernel/testing";
import { createTraffic } from "./traffic.ts";

test("one network cannot take all places, and uploads that last take none of the others'", async () => {
  const traffic = createTraffic({ most: 40 });
  let open = () => {};
  const held = new Promise<void>((done) => {
    open = done;
  });
  const hold = (whose: string) => refusalCode(traffic.admit(whose, () => held));
  const upload = (whose: string) => refusalCode(traffic.admitUpload(whose, () => held));
  const all = [
    ...Array.from({ length: 25 }, () => hold("greedy")),
    ...Array.from({ length: 15 }, () => hold("other")),
    hold("third"),
    ...Array.from({ length: 7 }, () => upload("greedy")),
    ...Array.from({ length: 3 }, () => upload("other")),
    upload("fourth"),
  ];
  await Bun.sleep(1);
  open();
  const busy = (await Promise.all(all)).map((code) => code === "server_busy");
  const refused = (from: number, to: number) => busy.slice(from, to).filter(Boolean).length;
  expect([refused(0, 25), refused(25, 40), refused(40, 41)]).toEqual([5, 0, 0]);
  expect([refused(41, 48), refused(48, 51), refused(51, 52)]).toEqual([2, 0, 1]);
  // What has ended is free again.
  expect(await refusalCode(traffic.admit("greedy", async () => {}))).toBe("none");
});
