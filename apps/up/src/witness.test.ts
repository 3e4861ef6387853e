import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { openFolder } from "@evx/tooling/folders";
import { witnessOf } from "./witness.ts";

const dataDir = openFolder("evx-witness-");
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const LOG_KEY = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const at = (port: number) =>
  witnessOf({ dataDir, port }, { PUBLIC_URL: `http://localhost:${port}`, LOG_KEY });

test("a world on another port keeps the names of its log and its witness, and asks the witness where it is", async () => {
  const [first, moved] = [await at(3_000), await at(4_000)];
  expect(moved.env.LOG_ORIGIN).toBe("localhost:3000/log");
  expect(moved.args[moved.args.indexOf("--name") + 1]).toBe("localhost:3000/witness");
  const [, key] = (first.env.WITNESSES ?? "").split("=");
  expect(moved.env.WITNESSES).toBe(`http://127.0.0.1:4004=${key}`);
});
