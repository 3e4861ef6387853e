import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSigningKey } from "@evx/proof";
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
