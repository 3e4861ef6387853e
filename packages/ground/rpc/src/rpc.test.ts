import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { newId, refusals, textOf } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import * as v from "valibot";
import {
  type Actor,
  auditor,
  buyer,
  createCallerFactory,
  createLive,
  liveAtMost,
  member,
  open,
  operator,
  owner,
  type Role,
  refusalOf,
  router,
  selfOrOperator,
  wireError,
} from "./index.ts";
import { testContext } from "./testing.ts";

const refuse = refusals({ test_sold: { kind: "conflict", en: "Sold.", vi: "Đã bán." } });

const ladder = router({
  open: open.query(() => "ok"),
  member: member.query(() => "ok"),
  owner: owner.query(() => "ok"),
  buyer: buyer.query(() => "ok"),
  auditor: auditor.query(() => "ok"),
  operator: operator.query(() => "ok"),
  sell: open.input(v.object({ name: textOf(5), count: v.number() })).mutation(() => {
    throw refuse("test_sold");
  }),
  bug: open.query(() => {
    throw new Error("secret detail of the database");
  }),
});

const actor = (role: Role, accredited = false): Actor => ({
  id: newId("user"),
  role,
  accredited,
  emailVerified: true,
  kycStatus: "none",
});

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const call = createCallerFactory(ladder);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe("ladder", () => {
  test("an API key does what its scopes say: reading, writing, one room or all", async () => {
    const room = router({
      sales: router({ list: member.query(() => "ok"), sell: member.mutation(() => "ok") }),
      cars: router({ list: member.query(() => "ok") }),
      board: open.query(() => "ok"),
    });
    const reach = async (scopes: string[]) => {
      const api = createCallerFactory(room)(testContext(t, { ...actor("buyer"), scopes }));
      const calls = { list: api.sales.list, sell: api.sales.sell, cars: api.cars.list, board: api.board };
      const open: string[] = [];
      for (const [name, run] of Object.entries(calls)) if (!(await failure(run()))) open.push(name);
      return open;
    };
    expect(await reach([])).toEqual(["board"]);
    expect(await reach(["sales:read"])).toEqual(["list", "board"]);
    expect(await reach(["sales:write"])).toEqual(["list", "sell", "board"]);
    expect(await reach(["*:read"])).toEqual(["list", "cars", "board"]);
    expect(await reach(["*:write"])).toEqual(["list", "sell", "cars", "board"]);
  });

  test("who still has to set up a second factor can do that and nothing else", async () => {
    const room = router({
      setUp: member.meta({ beforeTwoFactor: true }).mutation(() => "ok"),
      review: operator.query(() => "ok"),
      look: member.query(() => "ok"),
    });
    const api = createCallerFactory(room)(testContext(t, { ...actor("admin"), needsTwoFactor: true }));
    expect(await api.setUp()).toBe("ok");
    expect(refusalOf(await failure(api.review()))?.code).toBe("two_factor_setup_required");
    expect(refusalOf(await failure(api.look()))?.code).toBe("two_factor_setup_required");
  });

  test("each rung lets in exactly those who stand on it", async () => {
    const people = {
      nobody: null,
      owner: actor("ev_owner"),
      buyer: actor("buyer"),
      cva: actor("cva"),
      accredited: actor("cva", true),
      admin: actor("admin"),
    };
    const reach: Record<string, string[]> = {};
    for (const rung of ["open", "member", "owner", "buyer", "auditor", "operator"] as const) {
      reach[rung] = [];
      for (const [name, who] of Object.entries(people))
        if (!(await failure(call(testContext(t, who))[rung]()))) reach[rung].push(name);
    }
    expect(reach).toEqual({
      open: ["nobody", "owner", "buyer", "cva", "accredited", "admin"],
      member: ["owner", "buyer", "cva", "accredited", "admin"],
      owner: ["owner"],
      buyer: ["buyer"],
      auditor: ["accredited"],
      operator: ["admin"],
    });
  });

  test("another's object does not exist, except for an operator", () => {
    const someone = actor("buyer");
    expect(() => selfOrOperator(someone, someone.id)).not.toThrow();
    expect(() => selfOrOperator(someone, newId("user"))).toThrow("not yours to see");
    expect(() => selfOrOperator(actor("admin"), newId("user"))).not.toThrow();
  });
});

describe("errors", () => {
  test("text that cannot be stored is refused before any procedure sees it, wherever it stands", async () => {
    const seen: unknown[] = [];
    const room = router({
      take: open.input(v.unknown()).mutation(({ input }) => {
        seen.push(input);
      }),
    });
    const { take } = createCallerFactory(room)(testContext(t, null));
    for (const bad of ["a\u0000", "\ud800", { deep: [{ name: "\udfff" }] }, { "\u0000": 1 }]) {
      const refusal = refusalOf(await failure(take(bad)));
      expect(refusal?.code).toBe("input_invalid");
      expect(refusal?.issues[0]?.message).toBe("Has characters that cannot be stored.");
    }
    expect(seen).toEqual([]);
    const fine = ["", "Nguyễn 🚗", { list: [null, 1, true] }, new Uint8Array([0]), undefined];
    for (const good of fine) await take(good);
    expect(seen).toEqual(fine);
  });

  test("a refusal keeps its code and speaks the reader's language", async () => {
    const error = await failure(call(testContext(t, null)).sell({ name: "Lan", count: 1 }));
    expect(refusalOf(error)?.code).toBe("test_sold");
    expect(wireError(error, { locale: "vi", requestId: "r1" })).toEqual({
      code: "test_sold",
      message: "Đã bán.",
      requestId: "r1",
    });
  });

  test("bad input names every problem at once, in both languages", async () => {
    const error = await failure(call(testContext(t, null)).sell({ name: "much too long" } as never));
    const wire = wireError(error, { locale: "vi", requestId: "" });
    expect(wire.code).toBe("input_invalid");
    expect(wire.issues).toEqual([
      { path: "name", message: "Nhiều nhất 5 ký tự." },
      { path: "count", message: "Thiếu trường này." },
    ]);
  });

  test("a bug tells the client nothing but the request's number, and the log everything", async () => {
    const logged: object[] = [];
    const log = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (fields: object) => logged.push(fields),
    };
    const error = await failure(call(testContext(t, null, { log })).bug());
    const wire = wireError(error, { locale: "en", requestId: "r2" });
    expect(JSON.stringify(wire)).not.toContain("secret");
    expect(wire.message).toContain("r2");
    expect(logged.length).toBe(1);
  });
});

describe("live", () => {
  test("a watcher hears the present version, then each change once, coalesced; nobody watching asks nothing", async () => {
    let version = 1;
    let asked = 0;
    const source = {
      name: "test",
      versions: async (_: unknown, keys: readonly string[]) => {
        asked++;
        return new Map(keys.map((key) => [key, String(version)]));
      },
    };
    const live = createLive({ db: t.db, log: testContext(t, null).log, beatMs: 5 });
    const stop = new AbortController();
    const heard: string[] = [];
    for await (const value of live.watch(source, "a", stop.signal)) {
      heard.push(value);
      if (value === "1") version = 2;
      if (value === "2") stop.abort();
    }
    expect(heard).toEqual(["1", "2"]);
    await Bun.sleep(30);
    const then = asked;
    await Bun.sleep(30);
    expect(asked).toBe(then);
    live.stop();
  });

  test("a failing query is survived, and all watchers of a source share one query a beat", async () => {
    let asked = 0;
    const source = {
      name: "flaky",
      versions: async (_: unknown, keys: readonly string[]) => {
        if (asked++ === 0) throw new Error("connection lost");
        return new Map(keys.map((key) => [key, "7"]));
      },
    };
    const live = createLive({ db: t.db, log: testContext(t, null).log, beatMs: 5 });
    const stop = new AbortController();
    const first = async (key: string) => {
      for await (const value of live.watch(source, key, stop.signal)) return value;
    };
    expect(await Promise.all(["a", "b", "c"].map(first))).toEqual(["7", "7", "7"]);
    expect(asked).toBeLessThan(5);
    live.stop();
  });

  test("after a change made here a watcher hears of it at once, not with the next beat", async () => {
    let version = 1;
    const source = { name: "soon", versions: async () => new Map([["a", String(version)]]) };
    const live = createLive({ db: t.db, log: testContext(t, null).log, beatMs: 3_600_000 });
    const stream = live.watch(source, "a");
    expect((await stream.next()).value).toBe("1");
    const change = router({
      change: open.mutation(() => {
        version = 2;
      }),
    });
    const next = stream.next();
    await createCallerFactory(change)({ ...testContext(t, null), live }).change();
    expect((await next).value).toBe("2");
    await stream.return();
    live.stop();
  });

  test("whoever follows is told the same object as all others, each version once, and nothing after they left", async () => {
    let version = 1;
    const source = { name: "told", versions: async () => new Map([["a", String(version)]]) };
    const live = createLive({ db: t.db, log: testContext(t, null).log, beatMs: 2 });
    const told: unknown[][] = [[], []];
    const leaves = told.map((mine) => live.follow(source, "a", { tell: (one) => mine.push(one), over() {} }));
    while (told.some((mine) => mine.length < 1)) await Bun.sleep(1);
    version = 2;
    while (told.some((mine) => mine.length < 2)) await Bun.sleep(1);
    expect(told[0]).toEqual([{ text: "1" }, { text: "2" }]);
    for (const n of [0, 1]) expect(told[1]?.[n]).toBe(told[0]?.[n]);
    leaves[0]?.();
    version = 3;
    while ((told[1]?.length ?? 0) < 3) await Bun.sleep(1);
    expect(told[0]).toHaveLength(2);
    leaves[1]?.();
    live.stop();
  });

  test("one person has so many streams at once and no more; what they close they may open again, and others have theirs", async () => {
    const source = { name: "many", versions: async () => new Map([["a", "1"]]) };
    const live = createLive({ db: t.db, log: testContext(t, null).log, beatMs: 5 });
    const open = new Map<string, number>();
    const stop = new AbortController();
    const of = (whose: string, from = live) => {
      const stream = liveAtMost(from, { open, whose, most: 3 }).watch(source, "a", stop.signal);
      return { first: stream.next(), stream };
    };
    const mine = Array.from({ length: 3 }, () => of("me"));
    await Promise.all(mine.map(({ first }) => first));
    expect(await refusalCode(of("me").first)).toBe("streams_many");
    expect((await of("you").first).value).toBe("1");
    await mine[0]?.stream.return();
    expect((await of("me").first).value).toBe("1");
    stop.abort();
    live.stop();
  });

  test("a server that leaves tells its streams to connect again, since one that merely ended would be over", async () => {
    const source = { name: "leaving", versions: async () => new Map([["a", "1"]]) };
    const live = createLive({ db: t.db, log: testContext(t, null).log, beatMs: 5 });
    const stream = live.watch(source, "a");
    expect((await stream.next()).value).toBe("1");
    const next = refusalCode(stream.next());
    live.stop();
    expect(await next).toBe("server_leaving");
  });
});
