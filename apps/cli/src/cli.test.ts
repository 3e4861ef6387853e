/** The command line as a person and a script use it: a process of its own, against a venue that runs. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { register } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { type LiveWorld, startLiveWorld } from "@evx/server/testing";

setDefaultTimeout(120_000);

const index = join(import.meta.dir, "index.ts");

const run = async (args: string[], env: Record<string, string>) => {
  const child = Bun.spawn([process.execPath, index, ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: Bun.env.PATH ?? "", HOME: Bun.env.HOME ?? "", NODE_ENV: "test", ...env },
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code, json: () => JSON.parse(out) };
};

let world: LiveWorld;
let local: Record<string, string>;
const password = "a-good-password";
const admin = { email: "root@example.com", password, fullName: "The Operator", locale: "en" as const };

beforeAll(async () => {
  world = await startLiveWorld();
  local = { DATABASE_URL: world.database.url, DATA_DIR: world.dataDir };
  const { accounts } = world.runtime.ports.identity;
  const context = {
    request: { headers: new Headers(), ip: "127.0.0.1" },
    transact: world.database.transact,
  };
  await register(context, accounts, { ...admin, role: "admin" }, { by: null, session: false });
});
afterAll(() => world.close());

/** A key of the operator's, made as the web makes it: in a session. */
const aKey = async (scopes: string[]): Promise<string> => {
  const call = async (path: string, body: object, cookie = "") =>
    fetch(`${world.url}/trpc/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: world.url, ...(cookie ? { cookie } : {}) },
      body: JSON.stringify(body),
    });
  const signedIn = await call("identity.signIn", { email: admin.email, password });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const made = await call("identity.apiKeys.create", { name: "Script", scopes, expiresInDays: 1 }, cookie);
  return ((await made.json()) as { result: { data: { key: string } } }).result.data.key;
};

describe("help", () => {
  test("names every room and what an operator does with the whole; a command says what it does and takes", async () => {
    const root = await run(["--help"], {});
    expect(root.code).toBe(0);
    for (const name of ["identity", "marketplace", "payments", "audit", "keys", "certificate", "EVX_API_KEY"])
      expect(root.out).toContain(name);
    const one = await run(["identity", "users", "suspend", "--help"], {});
    expect(one.out).toContain("Shut a person out at once, with a reason");
    expect(one.out).toMatch(/--reason \[string\]\s.*required/);
    expect(one.err).toBe("");
  });

  test("an unknown command or option is an error with the help beside it", async () => {
    const command = await run(["identity", "frobnicate"], {});
    expect([command.code, command.err.split("\n")[0]]).toEqual([1, "error: unknown command 'frobnicate'"]);
    const option = await run(["identity", "users", "counts", "--frobnicate"], {});
    expect([option.code, option.err]).toEqual([1, expect.stringContaining("unknown option '--frobnicate'")]);
  });

  test("where no venue is, it says how to name one", async () => {
    const { code, err, out } = await run(["identity", "users", "counts"], { DATA_DIR: "/nowhere/at/all" });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("bun run up");
    expect(err).toContain("EVX_API_KEY");
  });
});

describe("on the database", () => {
  test("acts as the operator: the answer is JSON, and the trail says who it was and from where", async () => {
    const made = await run(
      ["identity", "users", "create", "--email", "lan@example.com", "--full-name", "Lan", "--role", "cva"],
      local,
    );
    expect(made.err).toBe("");
    expect(made.json().user).toMatchObject({ email: "lan@example.com", role: "cva", accredited: false });
    const found = await run(["identity", "users", "search", "--q", "lan@", "--limit", "5"], local);
    expect(found.json().items.map(({ id }: { id: string }) => id)).toEqual([made.json().user.id]);
    const trail = await run(["identity", "audit", "list", "--object", made.json().user.id], local);
    expect(trail.json().items[0]).toMatchObject({ actorName: admin.fullName, origin: "command line" });
  });

  test("names all problems of an input at once, and nothing is made of it", async () => {
    const { code, err, out } = await run(
      ["identity", "users", "create", "--email", "nonsense", "--role", "martian"],
      local,
    );
    expect([code, out]).toEqual([1, ""]);
    expect(err).toStartWith("input_invalid: ");
    for (const field of ["email", "fullName", "role"]) expect(err).toContain(`\n  ${field}: `);
    const found = await run(["identity", "users", "search", "--q", "nonsense"], local);
    expect(found.json().items).toEqual([]);
  });

  test("acts as whoever EVX_AS names, with their rights and no more", async () => {
    const buyer = await aUser(world.database, { role: "buyer", email: "buyer@example.com" });
    const own = await run(["identity", "profile"], { ...local, EVX_AS: "buyer@example.com" });
    expect(own.json().user.id).toBe(buyer.id);
    const refused = await run(["identity", "users", "counts"], { ...local, EVX_AS: "buyer@example.com" });
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("role_required")]);
    const nobody = await run(["identity", "profile"], { ...local, EVX_AS: "no@example.com" });
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining("Nobody has the address")]);
  });
});

describe("over HTTP", () => {
  test("a key does what its scopes say; input may come as JSON", async () => {
    const remote = { EVX_URL: world.url, EVX_API_KEY: await aKey(["identity:read"]) };
    const found = await run(["identity", "users", "search", "--json", '{"role":"admin"}'], remote);
    expect(found.err).toBe("");
    expect(found.json().items[0].email).toBe(admin.email);
    const refused = await run(
      ["identity", "users", "create", "--email", "x@example.com", "--full-name", "X", "--role", "buyer"],
      remote,
    );
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("scope_missing")]);
    const many = await run(["identity", "users", "search", "--limit", "many", "--role", "x"], remote);
    expect([many.code, many.err]).toEqual([1, expect.stringMatching(/limit: [\s\S]*role: /)]);
  });

  test("a key that is none is refused, and a venue that is not there is named", async () => {
    const forged = await run(["identity", "profile"], { EVX_URL: world.url, EVX_API_KEY: "evx_forged" });
    expect([forged.code, forged.out]).toEqual([1, ""]);
    expect(forged.err).toStartWith("sign_in_required: ");
    const away = await run(["identity", "me"], { EVX_URL: "http://127.0.0.1:9" });
    expect([away.code, away.err]).toEqual([1, expect.stringContaining("http://127.0.0.1:9 does not answer")]);
  });
});

describe("files", () => {
  test("go to standard output as they are, from the database and over HTTP alike; a refusal is no file", async () => {
    const command = ["credits", "registry", "batches-file"];
    const [here, there] = await Promise.all([run(command, local), run(command, { EVX_URL: world.url })]);
    expect(here.err).toBe("");
    expect(here.out).toContain("serial,");
    expect(there.out).toBe(here.out);
    const pdf = ["verification", "certificates", "pdf", "--number", "EVXC-2026-00000-00000-0"];
    const none = await run(pdf, { EVX_URL: world.url });
    expect([none.code, none.out, none.err]).toEqual([
      1,
      "",
      expect.stringContaining("certificate_not_found"),
    ]);
  });
});

describe("keys rotate", () => {
  test("seals what lies under the old key with the new one, and afterwards the old key is not needed", async () => {
    const buyer = await aUser(world.database, { role: "buyer", email: "papers@example.com" });
    const context = world.runtime.createContext({
      actor: buyer,
      headers: new Headers(),
      ip: "127.0.0.1",
      requestId: "test",
    });
    const picture = Uint8Array.fromBase64(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    );
    const { document } = await world.runtime
      .callAs(context)
      .identity.kyc.upload({ content: new Blob([picture]).stream() as ReadableStream<Uint8Array> });
    const keys = `a-new-secret-of-the-environment,${world.runtime.config.DATA_KEYS}`;
    const rotated = await run(["keys", "rotate"], { ...local, DATA_KEYS: keys });
    expect(rotated.err).toBe("");
    expect(rotated.json()).toMatchObject({ documents: { done: 1, left: 0 }, bankAccounts: { left: 0 } });
    const [row] = await world.database.admin
      .selectFrom("identity.document")
      .select("sealed")
      .where("id", "=", document.id)
      .execute();
    const old = await world.runtime.ports.identity.vault;
    await expect(old.open(row?.sealed as Uint8Array, document.id)).rejects.toThrow("No key");
    const alone = await run(["keys", "rotate"], { ...local, DATA_KEYS: "a-new-secret-of-the-environment" });
    expect(alone.json()).toMatchObject({ documents: { done: 0, left: 0 } });
    // With the old key alone the document can neither be read nor sealed anew: nothing is changed, and it is said.
    const without = await run(["keys", "rotate"], local);
    expect([without.code, without.out]).toEqual([1, ""]);
    expect(without.err).toContain("No key");
  });
});

describe("audit verify", () => {
  test("passes on an untouched trail, also over HTTP; names what was cut off, and the line that was changed", async () => {
    const whole = await run(["audit", "verify"], local);
    expect([whole.code, whole.err]).toEqual([0, ""]);
    expect(whole.json()).toMatchObject({ whole: true, broken: [] });
    expect(Number(whole.json().rows)).toBeGreaterThan(0);
    const noted = join(world.dataDir, "trail.json");
    await Bun.write(noted, whole.out);
    const remote = { EVX_URL: world.url, EVX_API_KEY: await aKey(["identity:read"]) };
    const again = await run(["audit", "verify", "--noted", noted], remote);
    expect([again.code, again.json().whole]).toEqual([0, true]);

    const [head] = whole.json().heads as { chain: number; seq: string }[];
    const tamper = (statement: string) =>
      world.database.admin.transaction().execute(async (tx) => {
        await sql.raw("set local session_replication_role = replica").execute(tx);
        await sql.raw(statement).execute(tx);
      });
    await tamper(`delete from identity.audit where chain = ${head?.chain} and seq >= ${head?.seq}`);
    // A chain cannot tell of its own end: only the heads that were kept elsewhere do, by hand or by the worker.
    const kept = { at: "2026-03-01T00:00:00.000Z", heads: whole.json().heads };
    await appendFile(join(world.dataDir, "audit-heads.jsonl"), `${JSON.stringify(kept)}\n`);
    const alone = await run(["audit", "verify"], local);
    expect([alone.code, alone.json().broken[0]?.fault]).toEqual([1, "missing"]);
    const cut = await run(["audit", "verify", "--noted", noted], local);
    expect(cut.code).toBe(1);
    expect(cut.json().broken).toContainEqual({ chain: head?.chain, seq: head?.seq, fault: "missing" });

    await tamper(
      "update identity.audit set action = 'test.innocent' where id = (select min(id) from identity.audit)",
    );
    const changed = await run(["audit", "verify"], local);
    expect([changed.code, changed.err]).toEqual([1, expect.stringContaining("The audit trail is broken")]);
    expect(changed.json()).toMatchObject({
      whole: false,
      broken: expect.arrayContaining([expect.objectContaining({ fault: "hash" })]),
    });
  });
});

describe("rebuild", () => {
  test("an operator at the machine builds pricing's sales anew: what no order made goes away", async () => {
    const told = await sql<object>`select * from pricing.trade order by order_id`.execute(
      world.database.admin,
    );
    await sql`insert into pricing.trade (order_id, grams, price_minor, currency, vintage, country, method, listing_type,
        buyer_id, seller_id, at)
      values ('ord_00000000000000000000000000', 1, 1, 'USD', 2026, 'VN', 'flat-v1', 'fixed', 'a', 'b', now())`.execute(
      world.database.admin,
    );
    const { code, json } = await run(["rebuild", "pricing"], local);
    expect(code).toBe(0);
    expect(json()).toEqual({ sales: told.rows.length });
    const built = await sql<object>`select * from pricing.trade order by order_id`.execute(
      world.database.admin,
    );
    expect(built.rows).toEqual(told.rows);
  });
});
