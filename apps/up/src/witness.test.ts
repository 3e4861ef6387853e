import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { generateSigningKey } from "@evx/proof";
import { freePorts } from "@evx/tooling/ports";
import { witnessOf } from "./witness.ts";

test("a world that is started at another port goes on with its log under the name that its witness knows", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "evx-world-"));
  try {
    const env = { LOG_KEY: generateSigningKey() };
    const first = await witnessOf({ dataDir, port: 3300 }, env);
    const second = await witnessOf({ dataDir, port: 3400 }, env);
    expect(first.env.LOG_ORIGIN).toBe("localhost:3300/log");
    expect(second.env.LOG_ORIGIN).toBe("localhost:3300/log");
    expect(second.port).toBe(3404);
    const named = (args: string[]) => [args[args.indexOf("--name") + 1], args[args.indexOf("--log") + 1]];
    expect(named(second.args)).toEqual(named(first.args));
    const given = await witnessOf({ dataDir, port: 3400 }, { ...env, LOG_ORIGIN: "evx.example/log" });
    expect(given.env.LOG_ORIGIN).toBe("evx.example/log");
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

/** Whether anything answers at an address of this machine. */
const answers = async (hostname: string, port: number): Promise<boolean> => {
  try {
    (await Bun.connect({ hostname, port, socket: { data() {} } })).end();
    return true;
  } catch {
    return false;
  }
};

test("a world's witness answers this machine, and nobody else's", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "evx-world-"));
  const port = await freePorts(5);
  const { args, port: own } = await witnessOf({ dataDir, port }, { LOG_KEY: generateSigningKey() });
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: join(import.meta.dir, "../../.."),
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    for (let tries = 0; tries < 100 && !(await answers("127.0.0.1", own)); tries++) await Bun.sleep(100);
    expect(await answers("127.0.0.1", own)).toBe(true);
    // Every other address of this machine stands for the network that it is in; 127.0.0.2 is there where it is in none.
    const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const outer = others.filter(({ internal, family }) => !internal && family === "IPv4");
    const tried = ["127.0.0.2", ...outer.map(({ address }) => address)];
    expect(await Promise.all(tried.map((address) => answers(address, own)))).toEqual(tried.map(() => false));
  } finally {
    child.kill();
    await child.exited;
    rmSync(dataDir, { recursive: true });
  }
}, 30_000);
