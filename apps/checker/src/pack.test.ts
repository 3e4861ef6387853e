import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { base64url, canonical, generateSigningKey, readSigningKeys, utf8 } from "@evx/proof";
import { bundle, makeVectors } from "@evx/proof/testing";
import { parseTar } from "nanotar";
import { packTo, tarball } from "./pack.ts";

const home = mkdtempSync(join(tmpdir(), "evx-proof-"));
afterAll(() => rmSync(home, { recursive: true }));
const folder = join(home, "node_modules/@evx/proof");
await packTo(folder);

const run = async (...command: string[]) => {
  const child = Bun.spawn(command, { cwd: home, stdout: "pipe", stderr: "pipe" });
  const said = await new Response(child.stdout).text();
  return { code: await child.exited, said, wrong: await new Response(child.stderr).text() };
};

const document = (keyId: string) => ({
  format: "evx-certificate/1",
  number: "EVXC-2026-AAAAA-AAAAA-A",
  kind: "issuance",
  issuer: "EV Carbon Exchange",
  issuedAt: "2026-03-01T00:00:00.000Z",
  holder: "Lan",
  grams: "10",
  credits: "0.000010",
  vehicle: null,
  lots: [
    {
      serial: "EVX-VN-flat-v1-2026-000001-1-10",
      grams: "10",
      batch: "bat_1",
      vintage: 2026,
      country: "VN",
      method: "flat-v1",
      factorSet: "flat-v1/0",
      quality: "manual",
      verifier: "An",
      root: null,
    },
  ],
  retirement: null,
  keyId,
  verifyUrl: "https://evx.test/c/x",
});

test("the package asks for nothing else, and only its command names a runtime's module", () => {
  expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies).toBeUndefined();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".js"),
  );
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    const asked = [...text.matchAll(/(?<!["\w])(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
      ([, name]) => name ?? "",
    );
    expect(
      asked.filter((name) => !name.startsWith(".") && name !== "node:fs"),
      file,
    ).toEqual([]);
    if (file !== "cli.js") expect(asked, file).not.toContain("node:fs");
    expect(text, file).not.toMatch(/\bBun\.|\bprocess\.(?!argv|exitCode)/);
  }
});

test("as one file it holds the same, and the same sources make the same bytes", async () => {
  const [one, other] = [await tarball(), await tarball()];
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  const files = parseTar(Bun.gunzipSync(new Uint8Array(one)));
  for (const file of files)
    expect(file.text, file.name).toBe(readFileSync(join(folder, file.name.replace("package/", "")), "utf8"));
  expect(files.find(({ name }) => name === "package/cli.js")?.attrs?.mode).toContain("755");
});

for (const runtime of ["node", "bun"]) {
  const there = runtime === "bun" || Bun.which("node") !== null;
  test.skipIf(!there)(
    `installed in ${runtime} it checks a certificate, and a changed one fails`,
    async () => {
      const { current } = await readSigningKeys(generateSigningKey());
      const certificate = document(current.id);
      const signature = await current.sign(utf8(canonical(certificate)));
      const file = { certificate, signature, keyId: current.id, publicKey: current.publicKey };
      writeFileSync(join(home, "file.json"), JSON.stringify(file));
      writeFileSync(
        join(home, "check.mjs"),
        `import { readFileSync } from "node:fs";
       import { verifyCertificate, sha256Now, hex, utf8 } from "@evx/proof";
       import { leafHash } from "@evx/proof/log";
       import { monitor } from "@evx/proof/monitor";
       const text = readFileSync("file.json", "utf8");
       const named = async (text) => (await verifyCertificate(text)).checks.find(({ name }) => name === "signature").ok;
       const { faults } = await monitor({ url: "https://nowhere.test", fetch: async () => null });
       console.log(JSON.stringify([await named(text), await named(text.replace("Lan", "Eve")), hex(sha256Now(utf8(""))).slice(0, 8), leafHash(utf8("")).length, faults.length]));`,
      );
      const { said, wrong } = await run(runtime, "check.mjs");
      expect(JSON.parse(said || "null"), wrong).toEqual([true, false, "e3b0c442", 32, 1]);
      const verified = await run(runtime, join(folder, "cli.js"), "verify", "file.json");
      // Its number has a wrong check character, and nobody vouches for its key.
      expect([verified.code, JSON.parse(verified.said).verdict]).toEqual([1, "false"]);
      writeFileSync(join(home, "good.json"), JSON.stringify(bundle));
      writeFileSync(join(home, "registry.json"), JSON.stringify((await makeVectors()).registry));
      const genuine = await run(
        runtime,
        join(folder, "cli.js"),
        "verify",
        "good.json",
        "--registry=registry.json",
      );
      expect([genuine.code, JSON.parse(genuine.said || "{}").verdict], genuine.wrong).toEqual([0, "genuine"]);
      expect((await run(runtime, join(folder, "cli.js"))).code).toBe(2);
      expect(base64url(new Uint8Array())).toBe("");
      expect(existsSync(join(home, "file.json"))).toBe(true);
    },
  );
}
