/** The command itself in hostile hands: words that it does not know, files that are no files, names that write on terminals. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonical, canonicalOf, hex, sha256Now, utf8 } from "@evx/proof";
import { overNetwork } from "@evx/proof/monitor";
import { standsInLog } from "@evx/proof/stands";
import {
  at,
  batch,
  bundle,
  certificate,
  type Entry,
  good,
  holding,
  keyEntry,
  makeVectors,
  registryOf,
  signed,
  standing,
  written,
} from "@evx/proof/testing";
import { readArguments } from "./package/arguments.ts";

const { registry } = await makeVectors();
const home = mkdtempSync(join(tmpdir(), "evx-cli-"));
const other = Bun.serve({ port: 0, fetch: () => Response.json(registry) });
const server = Bun.serve({
  port: 0,
  fetch: ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/moved") return Response.redirect(other.url.href, 302);
    if (pathname === "/huge") return new Response("x".repeat(2_000_000));
    if (pathname === "/page") return new Response("<html>");
    return Response.json(registry);
  },
});
afterAll(async () => {
  await Promise.all([server.stop(true), other.stop(true)]);
  rmSync(home, { recursive: true });
});
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(home, name), content);
  return join(home, name);
};
const genuine = file("good.json", written(bundle));
const kept = file("kept.json", JSON.stringify(registry));

const run = async (...words: string[]) => {
  const child = Bun.spawn(["bun", join(import.meta.dir, "package/cli.ts"), ...words], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, wrong] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, said, wrong };
};

describe("words", () => {
  test("that are understood are what was asked", () => {
    for (const given of [
      ["verify", "a.json", "--registry", "b"],
      ["verify", "--registry=b", "a.json"],
    ])
      expect(readArguments(given)).toEqual({
        command: "verify",
        words: ["a.json"],
        options: new Map([["registry", "b"]]),
      });
  });

  test("that ask for help are answered with it, and none is a mistake", async () => {
    expect(readArguments(["monitor", "https://evx.test", "--help"])).toBeNull();
    const [helped, silent] = [await run("--help"), await run()];
    expect([helped.code, helped.wrong]).toEqual([0, ""]);
    expect(helped.said).toContain("evx-proof monitor URL");
    expect([silent.code, silent.said]).toEqual([2, ""]);
    expect(silent.wrong).toContain("No command is given.");
  });

  test("that are not understood are passed over by no command", () => {
    for (const given of [
      ["monitor", "URL", "--regsitry", "kept.json"],
      ["monitor", "URL", "--registry"],
      ["monitor", "URL", "--registry", ""],
      ["monitor", "URL", "--registry="],
      ["monitor", "URL", "--registry", "--state", "s.json"],
      ["monitor", "URL", "-registry", "kept.json"],
      ["monitor", "URL", "--registry", "a", "--registry", "b"],
      ["monitor", "URL", "--holder", "a"],
      ["monitor", "URL", "--constructor", "a"],
      ["monitor", ""],
      ["verify", "one.json", "two.json"],
      ["verify"],
      ["verify", "one.json", "--state", "s.json"],
      ["holding", "one.json", "usr_anna"],
      ["batch", "URL"],
      ["toString", "a"],
      ["--registry", "kept.json"],
    ])
      expect(typeof readArguments(given), given.join(" ")).toBe("string");
  });

  test("an option that is not understood ends the command, whatever else holds", async () => {
    expect((await run("verify", genuine, "--registry", kept)).code).toBe(0);
    expect((await run("verify", genuine, `--registry=${kept}`)).code).toBe(0);
    for (const words of [["--registri", kept], ["--registry"], [genuine, "--registry", kept]])
      expect((await run("verify", genuine, ...words)).code).toBe(2);
  });
});

describe("files", () => {
  test("that never end, or are none, end with a sentence", async () => {
    for (const [name, sentence] of [
      ["/dev/zero", "has more than"],
      [home, "EISDIR"],
      [join(home, "none.json"), "ENOENT"],
      [file("bytes.json", Uint8Array.of(0x7b, 0xff)), "no text (UTF-8)"],
    ] as const) {
      const { code, said, wrong } = await run("verify", name, "--registry", kept);
      expect([code, said]).toEqual([1, ""]);
      expect(wrong).toContain(sentence);
    }
  });

  test("a certificate's words cannot write over what the command says", async () => {
    const evil = `${good.number}\u009b2J\u202e\u001b[2Jgenuine`;
    const { code, said } = await run(
      "verify",
      file("evil.json", written(await signed({ ...good, number: evil }))),
    );
    expect(code).toBe(1);
    expect(said).toContain("\\u009b2J\\u202e\\u001b[2Jgenuine");
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

test("a balance's file that shows nothing is no proof", async () => {
  const asked = (name: string, content: object) =>
    run("holding", file(name, written(content)), "--holder", "usr_binh", "--registry", kept);
  expect((await asked("held.json", holding)).code).toBe(0);
  const { code, said } = await asked("nothing.json", { ...holding, items: [] });
  expect([code, JSON.parse(said).checks[0].ok]).toEqual([1, null]);
});

describe("--registry at an address", () => {
  test("that is huge, another's page or sends on to another port is taken for nobody", async () => {
    const asked = (path: string) => run("verify", genuine, "--registry", new URL(path, server.url).href);
    expect((await asked("/facts")).code).toBe(0);
    for (const [path, sentence] of [
      ["/huge", "answers more than"],
      ["/page", "is not an evx-registry/1"],
      ["/moved", "sends on to "],
    ] as const) {
      const { code, wrong } = await asked(path);
      expect([code, wrong.includes(sentence)], wrong).toEqual([1, true]);
    }
    expect(overNetwork(new URL("/moved", server.url).href)).rejects.toThrow("ask there yourself");
  });
});

describe("--log", () => {
  const entries = (...more: Entry[]): Entry[] => [
    keyEntry,
    batch(1, good.grams),
    {
      ...certificate(good.number, [`000001-1-${good.grams}`]),
      hash: hex(sha256Now(utf8(canonical(canonicalOf(good))))),
    },
    ...more,
  ];
  const asked = (file: unknown, ...more: Entry[]) => {
    const all = entries(...more);
    const fetch = registryOf(all, () => all.length);
    return standsInLog({ url: "https://evx.test", fetch, file: written(file), trust: {}, patience_ms: 0 });
  };

  test("what the log says of a certificate now counts, whatever a status told one reader", async () => {
    const file = await signed(good);
    expect(await asked(file)).toEqual([]);
    const range = [`000001-1-${good.grams}`];
    const passed = [certificate("EVXC-2", range), standing(good.number, "EVXC-2", range)];
    expect((await asked(file, ...passed)).join()).toContain(
      "is the newest word on none of its grams, says the log",
    );
    const revoked = { kind: "revoked", what: "certificate", number: good.number, reason: "00" };
    expect((await asked(file, revoked)).join()).toContain(`was revoked on ${at}, says the log`);
  });

  test("another document under a number that was logged is named", async () => {
    const other = await signed({ ...good, holder: "Eve" });
    expect(await asked(other)).toEqual([`The log has another document under ${good.number}.`]);
  });

  test("a proof that ends in another log than everybody's is a fork", async () => {
    const faults = await asked(bundle);
    expect(faults.join()).toContain("has another root than the log's first");
  });
});
