import { describe, expect, test } from "bun:test";
import { day_ms, minute_ms } from "@evx/kernel";
import { threadedOf } from "./threads.ts";
import { type Drive, Tracer } from "./traces.ts";

const key = new Uint8Array(32).fill(7);

const randomOf = (seed: number) => {
  let state = seed * 7_919;
  const random = (most: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  for (let at = 0; at < 9; at++) random(9);
  return random;
};

/** Somebody who goes to work and back, to four shops, and somewhere on most weekends. */
const worker = (seed: number, days: number): Drive[] => {
  const random = randomOf(seed);
  const [work, leaves] = [4_000 + random(30_000), 360 + random(150)];
  const shops = Array.from({ length: 4 }, () => 1_000 + random(12_000));
  const drives: Drive[] = [];
  const drive = (at: number, usual_m: number) => {
    const distance_m = Math.round((usual_m * (1 + (random(40) - 20) / 1_000)) / 100) * 100;
    const start = Date.UTC(2024, 0, 1) + at * minute_ms;
    const minutes = Math.max(3, Math.round(distance_m / (330 + random(420))));
    drives.push({ start, end: start + minutes * minute_ms, distance_m });
  };
  for (let day = 0; day < days; day++) {
    const from = day * 24 * 60;
    const shop = shops[random(4)] as number;
    if (day % 7 < 5) {
      drive(from + leaves + random(20), work);
      const shopping = random(10) < 3;
      drive(from + leaves + 540 + random(40), shopping ? work - 1_000 + shop / 3 : work);
      if (shopping) drive(from + leaves + 650 + random(30), shop);
    } else if (random(2) === 1) {
      const away = random(3) > 0 ? shop : 5_000 + random(60_000);
      drive(from + 600 + random(100), away);
      drive(from + 840 + random(200), away);
    }
  }
  return drives;
};

const threads = (drives: readonly Drive[], wholeDays = false) => {
  const tracer = new Tracer(() => 0);
  for (const drive of drives) tracer.add(drive, wholeDays);
  return tracer.end(key).threads;
};

describe("threads", () => {
  const people = Array.from({ length: 14 }, (_, seed) => threads(worker(seed + 1, 260)));

  test("people who go to work and shop at the same hours are no copies of one another", () => {
    for (const [place, one] of people.entries())
      for (const other of people.slice(place + 1))
        expect(threadedOf(one, other, 0)).toMatchObject({ copied: false });
  });

  test("nor are their logbooks of days", () => {
    const logs = Array.from({ length: 14 }, (_, seed) => threads(worker(seed + 1, 260), true));
    for (const [place, one] of logs.entries())
      for (const other of logs.slice(place + 1))
        expect(threadedOf(one, other, 0)).toMatchObject({ copied: false });
  });

  test("nor is the next year of the same person", () => {
    for (let seed = 40; seed < 50; seed++) {
      const both = worker(seed, 520);
      const half = both.findIndex(({ start }) => start >= Date.UTC(2024, 0, 1) + 260 * day_ms);
      const [before, after] = [threads(both.slice(0, half)), threads(both.slice(half))];
      expect(threadedOf(after, before, 6)).toMatchObject({ copied: false });
      const whole = threads(both);
      expect(threadedOf(whole, whole, 6)).toMatchObject({ copied: false });
    }
  });

  test("a bus that runs by the clock is no copy of the bus of the day after", () => {
    const bus = (from: number) =>
      Array.from({ length: 900 }, (_, n) => {
        const start = Date.UTC(2024, 0, 1) + (from + Math.floor(n / 9)) * day_ms + (n % 9) * 80 * minute_ms;
        return { start, end: start + 55 * minute_ms, distance_m: [21_300, 20_900, 4_200][n % 3] as number };
      });
    expect(threadedOf(threads(bus(0)), threads(bus(1)), 0)).toMatchObject({ copied: false });
  });

  test("a copy on a clock of its own is one, turned round too, and of a year's drives also a month", () => {
    const drives = worker(90, 400);
    const first = (drives[0] as Drive).start;
    const slower = drives.map(({ start, end, distance_m }) => {
      const at = first + Math.round(((start - first) * 1.13) / minute_ms) * minute_ms;
      return { start: at, end: at + end - start, distance_m: Math.round(distance_m * 0.9) };
    });
    const turned = drives.map(({ start, end, distance_m }) => ({
      start: 2 * first - end,
      end: 2 * first - start,
      distance_m,
    }));
    for (const copy of [slower, slower.slice(300, 400), turned.reverse()]) {
      expect(threadedOf(threads(copy), threads(drives), 0)).toMatchObject({ copied: true });
      expect(threadedOf(threads(drives), threads(copy), 0)).toMatchObject({ copied: true });
    }
  });

  /** Every row longer or shorter by up to so much, of its own. */
  const changed = (drives: readonly Drive[], seed: number, most: number): Drive[] => {
    const random = randomOf(seed);
    const by = () => 1 + ((random(2_001) - 1_000) / 1_000) * most;
    return drives.map(({ start, end, distance_m }) => ({
      start,
      end: start + Math.max(1, Math.round(((end - start) / minute_ms) * by())) * minute_ms,
      distance_m: Math.round(distance_m * by()),
    }));
  };

  const logbook = (drives: readonly Drive[]): Drive[] =>
    [...Map.groupBy(drives, ({ start }) => Math.floor(start / day_ms))].map(([day, some]) => ({
      start: day * day_ms,
      end: (day + 1) * day_ms,
      distance_m: some.reduce((sum, { distance_m }) => sum + distance_m, 0),
    }));

  test("a logbook of which every row was changed by a few percent at random is a copy: of three months, and of a year", () => {
    for (let seed = 1; seed <= 8; seed++)
      for (const [days, most] of [
        [90, 0.03],
        [260, 0.05],
      ] as const) {
        const log = logbook(worker(seed, days));
        const [copy, own] = [threads(changed(log, seed + 100, most), true), threads(log, true)];
        expect(threadedOf(copy, own, 0)).toMatchObject({ copied: true });
        expect(threadedOf(own, copy, 0)).toMatchObject({ copied: true });
      }
  });

  test("so are drives whose distances were changed in the same way and whose times are all invented", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const drives = worker(seed, 120);
      const random = randomOf(seed + 200);
      let at = (drives[0] as Drive).start;
      const invented = changed(drives, seed + 100, 0.03).map((drive) => {
        at += (70 + random(700)) * minute_ms;
        return { start: at, end: at + drive.end - drive.start, distance_m: drive.distance_m };
      });
      expect(threadedOf(threads(invented), threads(drives), 0)).toMatchObject({ copied: true });
    }
  });

  test("two who drive to one and the same office at the same minutes are none, in drives and in days", () => {
    const commuter = (seed: number): Drive[] => {
      const random = randomOf(seed);
      return Array.from({ length: 260 }, (_, day) => day)
        .filter((day) => day % 7 < 5 && random(20) > 0)
        .flatMap((day) =>
          [480, 1_020].map((minute) => {
            const start = Date.UTC(2024, 0, 1) + day * day_ms + minute * minute_ms;
            const distance_m = random(12) === 0 ? 3_000 + random(40_000) : 15_000 + (random(5) - 2) * 100;
            return { start, end: start + 30 * minute_ms, distance_m };
          }),
        );
    };
    for (let seed = 1; seed <= 12; seed += 2)
      for (const [one, other] of [
        [threads(commuter(seed)), threads(commuter(seed + 1))],
        [threads(logbook(commuter(seed)), true), threads(logbook(commuter(seed + 1)), true)],
      ] as const)
        expect(threadedOf(one, other, 0)).toMatchObject({ copied: false });
  });

  test("what has no order of its own is no copy of anything", () => {
    const steady = Array.from({ length: 200 }, (_, day): Drive => {
      const start = Date.UTC(2024, 0, 1) + day * day_ms;
      return { start, end: start + day_ms, distance_m: 30_000 };
    });
    expect(threadedOf(threads(steady, true), threads(logbook(worker(3, 260)), true), 0)).toMatchObject({
      elsewhere: 0,
      copied: false,
    });
  });
});
