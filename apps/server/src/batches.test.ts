/** A call is a call: what was tried with many calls in one request, and what a client is told. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Meta } from "@evx/rpc";
import { callsOf, pointsOf } from "./calls.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(60_000);

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld();
});
afterAll(() => world.close());

const batch = async (
  paths: readonly string[],
  inputs: readonly unknown[],
  method: "GET" | "POST" = "POST",
) => {
  const input = JSON.stringify(Object.fromEntries(inputs.entries()));
  const query = method === "GET" ? `&input=${encodeURIComponent(input)}` : "";
  const response = await fetch(`${world.url}/trpc/${paths.join(",")}?batch=1${query}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(method === "POST" ? { body: input } : {}),
  });
  return { status: response.status, text: await response.text() };
};

const of = <T>(count: number, one: T): T[] => Array<T>(count).fill(one);

describe("many calls in one request", () => {
  test("500 are refused by a sentence in the reader's language, and none of them is done", async () => {
    const refused = await batch(of(500, "identity.me"), [], "GET");
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('"batch_too_large"');
    const response = await fetch(`${world.url}/trpc/${of(21, "identity.me").join(",")}?batch=1`, {
      headers: { "accept-language": "vi" },
    });
    expect(await response.text()).toContain("tối đa 20 lệnh");
    expect((await batch(of(20, "identity.me"), [], "GET")).status).toBe(200);
  });

  test("a comma that is written otherwise parts calls as well: nothing is counted as one that is done as many", async () => {
    for (const comma of ["%2C", "%2c"]) {
      const many = await fetch(`${world.url}/trpc/${of(21, "identity.me").join(comma)}?batch=1`);
      expect([many.status, await many.text()]).toEqual([400, expect.stringContaining('"batch_too_large"')]);
      const file = ["verification.certificates.pdf", "identity.me"].join(comma);
      const both = await fetch(`${world.url}/trpc/${file}?batch=1`);
      expect([both.status, await both.text()]).toEqual([400, expect.stringContaining('"file_in_batch"')]);
      // Three calls are done, so three points are paid.
      const calls = of(3, "identity.me").join(comma);
      const done = await fetch(`${world.url}/trpc/${calls}?batch=1`);
      expect((await done.json()) as unknown[]).toHaveLength(3);
      expect(callsOf(`${world.url}/trpc/${calls}?batch=1`)).toEqual({
        paths: of(3, "identity.me"),
        batched: true,
      });
    }
    const broken = await fetch(`${world.url}/trpc/%E0%A4%A?batch=1`);
    expect(broken.status).toBe(404);
    // Twice encoded it is a comma for nobody.
    expect(callsOf(`${world.url}/trpc/a%252Cb?batch=1`)).toEqual({ paths: ["a%2Cb"], batched: false });
  });

  test("a file travels alone, and a report in a batch only as what it says, not as a file", async () => {
    const number = { number: "EVX-2026-000000", locale: "en" };
    const many = await batch(of(9, "verification.certificates.pdf"), of(9, number), "GET");
    expect(many.status).toBe(400);
    expect(many.text).toContain('"file_in_batch"');
    const alone = await batch(["verification.certificates.pdf"], [number], "GET");
    expect(alone.text).not.toContain("file_in_batch");
  });

  test("each call is charged: five requests of twenty are a client's hundred", async () => {
    const narrow = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100" });
    try {
      const statuses: number[] = [];
      for (let at = 0; at < 6; at++) {
        const response = await fetch(`${narrow.url}/trpc/${of(20, "identity.me").join(",")}?batch=1`);
        statuses.push(response.status);
        if (response.status === 429) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    } finally {
      await narrow.close();
    }
  });

  test("a batch that is refused is charged as well: nobody asks for the impossible for ever", async () => {
    const narrow = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100" });
    try {
      const statuses: number[] = [];
      for (let at = 0; at < 6; at++)
        statuses.push((await fetch(`${narrow.url}/trpc/${of(500, "identity.me").join(",")}?batch=1`)).status);
      expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
    } finally {
      await narrow.close();
    }
  });

  test("every procedure that answers a file costs at least three points, whoever wrote it and forgot", () => {
    const all = world.runtime.router._def.procedures as unknown as Record<string, { _def: { meta?: Meta } }>;
    const files = Object.entries(all).filter(([, { _def }]) => _def.meta?.rest?.file === true);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter(([path]) => pointsOf(world.runtime.router, [path], false) < 3)).toEqual([]);
    expect(pointsOf(world.runtime.router, ["identity.me", "credits.registry.batchesFile"], false)).toBe(4);
  });

  test("wrong methods and media have codes of their own", async () => {
    const method = await fetch(`${world.url}/trpc/identity.signIn`);
    expect(method.status).toBe(405);
    expect(await method.text()).toContain('"method_wrong"');
    const media = await fetch(`${world.url}/trpc/identity.signIn`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "hello",
    });
    expect(media.status).toBe(415);
    expect(await media.text()).toContain('"media_unsupported"');
  });
});

describe("odd clients", () => {
  /** What Python reads of the answer to a body that it writes first. */
  const written = async (path: string, headers: Record<string, string> = {}) => {
    const script = `
import urllib.request, urllib.error, json
body = b"x" * 12_000_000
request = urllib.request.Request("${world.url}${path}", data=body, method="POST", headers=json.loads('${JSON.stringify(headers)}'))
try:
    print(urllib.request.urlopen(request).status)
except urllib.error.HTTPError as error:
    print(error.code)
`;
    const run = Bun.spawn([Bun.which("python3") ?? "", "-c", script], { stdout: "pipe", stderr: "pipe" });
    const [said, wrong] = await Promise.all([
      new Response(run.stdout).text(),
      new Response(run.stderr).text(),
    ]);
    return [said.trim(), wrong.trim().split("\n").at(-1)];
  };

  test("a refusal while the body is still sent is read by a client that writes first and reads later", async () => {
    if (!Bun.which("python3")) return console.log("skipped: no python3 here");
    const refused = [expect.stringMatching(/^4\d\d$/), ""];
    expect(await written("/api/account/kyc/documents")).toEqual(refused);
    // Here the body is in the hands of what reads uploads when a token is found wrong, or a form is none.
    const token = { "x-vehicle-token": "evxp_of_nobody" };
    const types = ["text/csv", "application/json", "multipart/form-data; boundary=none"];
    for (const type of types)
      expect([type, ...(await written("/api/push/trips", { ...token, "content-type": type }))]).toEqual([
        type,
        ...refused,
      ]);
  });

  test("probes have addresses of their own, what is private is kept by nobody, the camera is ours", async () => {
    expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${world.url}/health/nothing`)).status).toBe(404);
    const me = await fetch(`${world.url}/trpc/identity.me`);
    expect(me.headers.get("cache-control")).toBe("no-store");
    expect(me.headers.get("permissions-policy")).toContain("camera=(self)");
  });
});
