import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import {
  creditsIn,
  creditsOut,
  cursorOf,
  idOf,
  namedId,
  newId,
  page,
  pageOf,
  refusals,
  textOf,
} from "@evx/kernel";
import { type Actor, buyer, open, rest, router } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import * as v from "valibot";
import { restView } from "./index.ts";

const refuse = refusals({ test_gone: { kind: "conflict", en: "Gone.", vi: "Hết rồi." } });

let made = 0;
const app = router({
  lots: router({
    create: buyer
      .meta(rest("POST", "/lots", { status: 201, summary: "Make a lot" }))
      .input(v.object({ name: textOf(20), credits: creditsIn }))
      .output(v.object({ id: v.string(), name: v.string(), credits: creditsOut }))
      .mutation(async ({ ctx, input }) => {
        made++;
        if (input.name === "gone") throw refuse("test_gone");
        if (input.name === "slow") await Bun.sleep(100);
        return { id: await ctx.nameFor("order"), name: input.name, credits: input.credits };
      }),
    list: open
      .meta(rest("GET", "/lots", { summary: "List lots" }))
      .input(v.object({ ...page.entries, q: v.optional(v.string()) }))
      .output(pageOf(v.string()))
      .query(({ input }) => ({ items: [`${input.q ?? "-"}:${input.limit}`], nextCursor: null })),
    one: open
      .meta(rest("GET", "/lots/{name}", { summary: "One lot" }))
      .input(v.object({ name: textOf(20) }))
      .output(v.object({ name: v.string() }))
      .query(({ input }) => input),
    order: open
      .meta(rest("GET", "/orders/{id}", { summary: "One order" }))
      .input(v.object({ id: idOf("order"), by: v.optional(v.picklist(["day", "month"])) }))
      .output(v.object({ id: v.string() }))
      .query(({ input }) => input),
    bug: open.meta(rest("GET", "/bug", { summary: "Fails" })).query(() => {
      throw new Error("select secret from everything");
    }),
    upload: open
      .meta(rest("POST", "/lots/{name}/file", { summary: "Upload", body: "stream", maxBytes: 1_000 }))
      .input(
        v.object({
          name: textOf(20),
          content: v.instance(ReadableStream),
          contentType: v.string(),
          fileName: v.string(),
          note: v.optional(v.string(), ""),
        }),
      )
      .output(
        v.object({
          name: v.string(),
          text: v.string(),
          contentType: v.string(),
          fileName: v.string(),
          note: v.string(),
        }),
      )
      .mutation(async ({ input: { content, ...rest } }) => ({
        ...rest,
        text: await new Response(content as ReadableStream<Uint8Array>).text(),
      })),
    bytes: open
      .meta(rest("POST", "/lots/{name}/bytes", { summary: "Upload bytes", body: "stream" }))
      .input(v.object({ name: textOf(20), content: v.instance(ReadableStream) }))
      .output(v.object({ bytes: v.number() }))
      .mutation(async ({ input: { content } }) => ({
        bytes: (await new Response(content as ReadableStream<Uint8Array>).text()).length,
      })),
    file: open
      .meta(rest("GET", "/lots.csv", { summary: "Download", file: true }))
      .query(() => ({ contentType: "text/csv", fileName: "lô hàng.csv", content: "a,b\n" })),
  }),
});

const someone: Actor = {
  id: newId("user"),
  role: "buyer",
  accredited: false,
  emailVerified: true,
  kycStatus: "none",
};

let t: Awaited<ReturnType<typeof testDatabase>>;
let view: ReturnType<typeof restView>;
beforeAll(async () => {
  t = await testDatabase();
  view = restView(app, {
    contextOf: async (c) => {
      const context = testContext(t, c.req.header("authorization") ? someone : null, {
        headers: c.req.raw.headers,
        locale: c.req.header("accept-language") === "vi" ? "vi" : "en",
      });
      const key = c.req.header("idempotency-key");
      return { ...context, nameFor: (kind) => (key ? namedId(kind, key) : context.nameFor(kind)) };
    },
  });
});
afterAll(() => t.close());

type Body = string | FormData | Uint8Array<ArrayBuffer>;

type Answer = {
  status: number;
  body: {
    [key: string]: unknown;
    error?: { code: string; message: string; issues?: { path: string; message: string }[] };
  };
};

const send = async (
  method: string,
  path: string,
  body?: Body | object,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const raw = typeof body === "string" || body instanceof FormData || body instanceof Uint8Array;
  const response = await view.request(path, {
    method,
    headers: {
      authorization: "Bearer x",
      ...(body && !raw ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(body ? { body: raw ? (body as Body) : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : { text } };
};

describe("calls", () => {
  test("a procedure answers under its path with its declared status and decimal strings", async () => {
    const answer = await send("POST", "/lots", { name: "Lan", credits: "0.1" });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ name: "Lan", credits: "0.100000" });
    expect((await send("GET", "/lots?q=x&limit=5")).body).toEqual({ items: ["x:5"], nextCursor: null });
    expect((await send("GET", "/lots/Lan")).body).toEqual({ name: "Lan" });
  });

  test("a path's name wins over the query's and the body's", async () => {
    expect((await send("GET", "/lots/Lan?name=Minh")).body).toEqual({ name: "Lan" });
  });

  test("a file streams in raw or as multipart, and over its limit is refused", async () => {
    expect(
      (await send("POST", "/lots/Lan/file", "a;b\n", { "content-type": "text/csv" })).body,
    ).toMatchObject({ text: "a;b\n", contentType: "text/csv" });
    const form = new FormData();
    form.set("file", new File(["c;d\n"], "trips.csv", { type: "text/csv" }));
    // curl and browsers write fields in any order; one behind the file counts as well.
    form.set("note", "behind");
    expect((await send("POST", "/lots/Lan/file", form)).body).toMatchObject({
      text: "c;d\n",
      fileName: "trips.csv",
      note: "behind",
    });
    expect(
      (await send("POST", "/lots/Lan/file", "x".repeat(1_001), { "content-type": "text/csv" })).status,
    ).toBe(413);
    const bare = new FormData();
    bare.set("other", "x");
    expect((await send("POST", "/lots/Lan/file", bare)).status).toBe(400);
  });

  test("a file comes out as a download with its name in any script", async () => {
    const response = await view.request("/lots.csv");
    expect(await response.text()).toBe("a,b\n");
    expect(response.headers.get("content-disposition")).toBe(
      "attachment; filename*=UTF-8''l%C3%B4%20h%C3%A0ng.csv",
    );
  });
});

describe("refusals", () => {
  test("each kind has its status, code and a sentence in the reader's language", async () => {
    expect(
      (await send("POST", "/lots", { name: "gone", credits: "1" }, { "accept-language": "vi" })).body.error,
    ).toMatchObject({ code: "test_gone", message: "Hết rồi." });
    expect(
      (
        await view.request("/lots", {
          method: "POST",
          body: "{}",
          headers: { "content-type": "application/json" },
        })
      ).status,
    ).toBe(401);
    expect((await send("GET", "/nothing/here")).status).toBe(404);
  });

  test("bad input is a 400 that names every field", async () => {
    const { status, body } = await send("POST", "/lots", { name: "", credits: "0.1234567" });
    expect(status).toBe(400);
    expect(body.error?.issues?.map(({ path }) => path)).toEqual(["name", "credits"]);
  });

  test("a field or parameter that nobody knows is refused by name, to those who may call at all", async () => {
    const lot = { name: "Lan", credits: "1", pirce: "2" };
    const { status, body } = await send("POST", "/lots", lot);
    expect([status, body.error?.code]).toEqual([400, "input_invalid"]);
    expect(body.error?.issues).toEqual([{ path: "pirce", message: "There is no field of this name." }]);
    expect((await view.request("/lots?limt=5")).status).toBe(400);
    // Of one that comes twice nobody can say which was meant.
    const twice = (await (await view.request("/lots?limit=5&limit=6&q=a")).json()) as typeof body;
    expect(twice.error?.issues).toEqual([
      { path: "limit", message: "This parameter is there more than once. Send it once." },
    ]);
    const stranger = { method: "POST", body: JSON.stringify(lot) };
    const refused = await view.request("/lots", {
      ...stranger,
      headers: { "content-type": "application/json" },
    });
    expect(refused.status).toBe(401);
    expect((await send("POST", "/lots/Lan/file?colour=red", "a\n")).status).toBe(400);
    // A procedure may leave out what it does not need of a file.
    expect((await send("POST", "/lots/Lan/bytes", "a\n")).status).toBe(200);
  });

  test("an address that nothing can have is not found; a choice that is none is named with the choices", async () => {
    expect((await view.request("/orders/nope")).status).toBe(404);
    const odd = await view.request(`/orders/${newId("order")}?by=week`);
    expect(odd.status).toBe(400);
    expect(await odd.json()).toMatchObject({
      error: { issues: [{ path: "by", message: "Choose one of day, month." }] },
    });
  });

  test("a cursor that no list gave is refused instead of beginning anew", async () => {
    expect((await view.request("/lots?cursor=zzz")).status).toBe(400);
    expect((await view.request(`/lots?cursor=${cursorOf(["a", 1])}`)).status).toBe(200);
  });

  test("bodies that are not a JSON object of bearable size are refused as such", async () => {
    expect((await send("POST", "/lots", "{", { "content-type": "application/json" })).status).toBe(400);
    expect((await send("POST", "/lots", "[1]", { "content-type": "application/json" })).status).toBe(400);
    expect(
      (await send("POST", "/lots", "name=Lan", { "content-type": "application/x-www-form-urlencoded" }))
        .status,
    ).toBe(415);
    expect(
      (
        await send("POST", "/lots", `{"name":"${"x".repeat(1_000_001)}"}`, {
          "content-type": "application/json",
        })
      ).status,
    ).toBe(413);
    expect(
      (
        await send("POST", "/lots", new Uint8Array([0x7b, 0xff, 0x7d]), {
          "content-type": "application/json",
        })
      ).status,
    ).toBe(400);
  });

  test("a bug answers 500 and gives nothing away", async () => {
    const { status, body } = await send("GET", "/bug");
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("secret");
  });
});

describe("Idempotency-Key", () => {
  const lot = { name: "Lan", credits: "1" };

  test("the same key and body answer the same and run once; another body is refused", async () => {
    const before = made;
    const first = await send("POST", "/lots", lot, { "idempotency-key": "k1" });
    expect(await send("POST", "/lots", lot, { "idempotency-key": "k1" })).toEqual(first);
    expect(made).toBe(before + 1);
    const other = await send("POST", "/lots", { ...lot, name: "Minh" }, { "idempotency-key": "k1" });
    expect(other.status).toBe(409);
    expect(other.body.error?.code).toBe("idempotency_key_reused");
  });

  test("twenty at once run once: the others are told to wait or get the same answer", async () => {
    const before = made;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        send("POST", "/lots", { ...lot, name: "slow" }, { "idempotency-key": "k2" }),
      ),
    );
    expect(made).toBe(before + 1);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(
      answers.every(({ status, body }) => status === 201 || body.error?.code === "request_in_progress"),
    ).toBe(true);
  });

  test("a refused request may be asked again under its key", async () => {
    expect((await send("POST", "/lots", { ...lot, name: "gone" }, { "idempotency-key": "k3" })).status).toBe(
      409,
    );
    expect(
      (await send("POST", "/lots", { ...lot, name: "gone" }, { "idempotency-key": "k3" })).body.error?.code,
    ).toBe("test_gone");
  });

  test("a server that died half-way blocks its key for a minute, then the retry names the same row", async () => {
    const context = { "idempotency-key": "k4" };
    const first = await send("POST", "/lots", lot, context);
    await t.admin
      .updateTable("rpc.idempotency")
      .set({ status: null, answer: null })
      .where("status", "is not", null)
      .execute();
    expect((await send("POST", "/lots", lot, context)).body.error?.code).toBe("request_in_progress");
    t.clock.advance(61_000);
    expect((await send("POST", "/lots", lot, context)).body).toEqual(first.body);
  });
});

describe("documentation", () => {
  test("OpenAPI names every call with its parameters, body and answer", async () => {
    const { body } = await send("GET", "/openapi.json");
    const paths = body.paths as Record<
      string,
      Record<
        string,
        {
          parameters: { name: string; in: string }[];
          requestBody?: object;
          responses: Record<string, object>;
        }
      >
    >;
    expect(Object.keys(paths).sort()).toEqual([
      "/api/bug",
      "/api/lots",
      "/api/lots.csv",
      "/api/lots/{name}",
      "/api/lots/{name}/bytes",
      "/api/lots/{name}/file",
      "/api/orders/{id}",
    ]);
    expect(paths["/api/lots/{name}"]?.get?.parameters).toMatchObject([{ name: "name", in: "path" }]);
    expect(paths["/api/lots"]?.post?.requestBody).toBeDefined();
    expect(Object.keys(paths["/api/lots"]?.post?.responses ?? {})).toContain("201");
  });

  test("the reader loads nothing from elsewhere", async () => {
    const html = await (await view.request("/docs")).text();
    expect(
      [...html.matchAll(/(?:src|href)="([^"]+)"/g)].every(([, url]) => url?.startsWith("/api/docs/")),
    ).toBe(true);
    for (const [, url] of html.matchAll(/(?:src|href)="\/api([^"]+)"/g))
      expect((await view.request(url as string)).status).toBe(200);
  });
});
