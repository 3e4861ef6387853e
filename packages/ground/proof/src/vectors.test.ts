import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  readFragment,
  trustIn,
  utf8,
  verifyBatch,
  verifyCertificate,
  verifyHolding,
  verifyInclusion,
  verifySnapshot,
} from "./index.ts";
import { fromBase64, isConsistent } from "./log/index.ts";
import { makeVectors, type Vector } from "./vectors.testing.ts";

const spec = join(import.meta.dir, "../../../../docs/spec");
const file = join(spec, "vectors.json");
const made = await makeVectors();
if (process.env.WRITE_VECTORS) writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`);

const trust = trustIn(made.registry);
if (!trust) throw new Error("no registry");

type Sized = { size: number; root: string };

const answerOf = async ({ kind, input }: Vector): Promise<{ answer: string; fails?: string | undefined }> => {
  const part = (name: string): unknown => Reflect.get(Object(input), name);
  if (kind === "certificate") {
    const { verdict, checks } = await verifyCertificate(part("file"), {
      ...trustIn(Object.assign({}, made.registry, part("registry"))),
      number: String(part("number")),
    });
    return { answer: verdict, fails: checks.find(({ ok }) => ok === false)?.name };
  }
  if (kind === "inclusion")
    return { answer: String(await verifyInclusion(part("proof"), String(part("root")))) };
  if (kind === "holding") {
    const { ok, grams } = await verifyHolding(part("file"), { ...trust, holder: String(part("holder")) });
    return { answer: String(ok && grams.size > 0) };
  }
  if (kind === "batch")
    return { answer: String((await verifyBatch(part("batch"), part("leaves"), trust)).ok) };
  if (kind === "snapshot")
    return {
      answer: String(
        (await verifySnapshot(JSON.parse(String(part("file"))), utf8(String(part("lines"))), trust)) === null,
      ),
    };
  if (kind === "qr") {
    const address = String(part("address"));
    return { answer: (await readFragment(address.slice(address.indexOf("#"))))?.signature ?? "" };
  }
  const read = (sized: unknown) => {
    const { size, root } = sized as Sized;
    return { size, root: fromBase64(root) ?? new Uint8Array() };
  };
  const proof = (part("proof") as string[]).map((line) => fromBase64(line) ?? new Uint8Array());
  return { answer: String(isConsistent(read(part("older")), read(part("newer")), proof)) };
};

test("the vectors of the specification are those that are made today", () => {
  expect(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null).toEqual(made);
});

/** Whether a value is as far of a schema as its required members, constants and closed objects say. */
const fits = (schema: unknown, value: unknown): boolean => {
  const of = (name: string): unknown => Reflect.get(Object(schema), name);
  const either = of("anyOf");
  if (Array.isArray(either)) return either.some((one) => fits(one, value));
  if (of("type") === "null") return value === null;
  if (of("const") !== undefined) return of("const") === value;
  const pattern = of("pattern");
  if (typeof pattern === "string") return typeof value === "string" && new RegExp(pattern).test(value);
  const items = of("items");
  if (of("type") === "array") return Array.isArray(value) && value.every((one) => fits(items, one));
  const properties = of("properties");
  if (properties === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  const [known, present] = [Object.entries(Object(properties)), Object.keys(value)];
  return (
    (of("required") as string[]).every((name) => present.includes(name)) &&
    (of("additionalProperties") !== false ||
      present.every((name) => known.some(([each]) => each === name))) &&
    known.every(([name, inner]) => !present.includes(name) || fits(inner, Reflect.get(value, name)))
  );
};

test("what holds is of the published schemas", () => {
  const schema = (name: string): unknown =>
    JSON.parse(readFileSync(join(spec, "schemas", `${name}.json`), "utf8"));
  const [bundle] = made.vectors;
  const file = JSON.parse(String(Reflect.get(Object(bundle?.input), "file")));
  const held = made.vectors.find(({ kind }) => kind === "holding");
  const included = made.vectors.find(({ kind }) => kind === "inclusion");
  expect(fits(schema("registry"), made.registry)).toBe(true);
  expect(fits(schema("bundle"), file)).toBe(true);
  expect(fits(schema("certificate"), file.certificate)).toBe(true);
  expect(fits(schema("status"), file.status)).toBe(true);
  expect(fits(schema("holding"), JSON.parse(String(Reflect.get(Object(held?.input), "file"))))).toBe(true);
  expect(fits(schema("inclusion"), Reflect.get(Object(included?.input), "proof"))).toBe(true);
  const issued = made.vectors.find(({ kind }) => kind === "batch");
  const log = Reflect.get(Object(Reflect.get(Object(issued?.input), "batch")), "log");
  const entry = JSON.parse(String(Reflect.get(Object(log), "entry")));
  expect(fits(schema("batch-entry"), entry)).toBe(true);
  const { from, to, accreditation, ...oldest } = entry;
  expect([from, to, accreditation.number]).toEqual(["2026-02-01", "2026-02-28", "VICAS 042"]);
  const isEntry = (of: object): boolean => fits(schema("batch-entry"), of);
  expect([isEntry({ ...oldest, v: 1 }), isEntry({ ...oldest, from, to, v: 2 })]).toEqual([true, true]);
  expect([isEntry({ ...oldest, v: 2 }), isEntry({ ...oldest, from, to, v: 3 })]).toEqual([false, false]);
  expect(isEntry({ ...entry, accreditation: null })).toBe(true);
  const copied = made.vectors.find(({ kind }) => kind === "snapshot");
  const shown = JSON.parse(String(Reflect.get(Object(copied?.input), "file")));
  expect(fits(schema("snapshot"), shown)).toBe(true);
  expect(fits(schema("snapshot-statement"), JSON.parse(shown.statement))).toBe(true);
  expect(fits(schema("snapshot-entry"), JSON.parse(shown.log.entry))).toBe(true);
  expect(fits(schema("snapshot-entry"), { ...JSON.parse(shown.log.entry), more: 1 })).toBe(false);
  expect(fits(schema("status"), { ...file.status, more: 1 })).toBe(false);
  expect(fits(schema("certificate"), { ...file.certificate, format: "x" })).toBe(false);
});

for (const vector of made.vectors)
  test(`${vector.kind}: ${vector.name}`, async () => {
    const { answer, fails } = await answerOf(vector);
    expect(answer).toBe(vector.answer);
    if (vector.fails) expect(fails).toBe(vector.fails);
  });

const python = Bun.which("python3");

test.skipIf(python === null)(
  "a verifier in Python, written from the specification alone, reaches the same answers",
  async () => {
    for (const own of ["", "1"]) {
      const child = Bun.spawn([python ?? "", join(spec, "verify.py"), "vectors", file], {
        stdout: "pipe",
        stderr: "pipe",
        // With the arithmetic of its own, and with a library where there is one.
        env: { ...process.env, EVX_PLAIN: own, PYTHONDONTWRITEBYTECODE: "1" },
      });
      const said = await new Response(child.stdout).text();
      expect(await child.exited, said + (await new Response(child.stderr).text())).toBe(0);
      expect(said.trim().split("\n").at(-1)).toBe(`${made.vectors.length} passed, 0 failed`);
    }
  },
  120_000,
);

test.skipIf(python === null)(
  "it refuses ten million ranges with a sentence, before it reads them",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "evx-vectors-"));
    try {
      const [large, registry] = [join(folder, "large.json"), join(folder, "registry.json")];
      writeFileSync(large, `{"certificate":{"lots":[${"{},".repeat(9_999_999)}{}]},"signature":"A"}`);
      writeFileSync(registry, JSON.stringify(made.registry));
      // So much memory it may have: what it would read takes more.
      const limited = `import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (500_000_000,) * 2); sys.argv = sys.argv[1:]; sys.path.insert(0, sys.argv[0].rpartition("/")[0]); runpy.run_path(sys.argv[0], run_name="__main__")`;
      const child = Bun.spawn(
        [python ?? "", "-c", limited, join(spec, "verify.py"), "certificate", large, "--registry", registry],
        { stdout: "pipe", stderr: "pipe", env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } },
      );
      const [said, wrong] = [
        await new Response(child.stdout).text(),
        await new Response(child.stderr).text(),
      ];
      expect([await child.exited, said, wrong]).toEqual([
        1,
        "false: format\nNo certificate is so large: one of its lists has more than 100000 items.\n",
        "",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);

test.skipIf(python === null)(
  "what it cannot read, and a registry's facts that are none, it says in a sentence",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "evx-vectors-"));
    try {
      const place = (name: string, content: string | Uint8Array) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const [bundle] = made.vectors;
      const certificate = place("certificate.json", String(Reflect.get(Object(bundle?.input), "file")));
      const registry = place("registry.json", JSON.stringify(made.registry));
      const pdf = place("certificate.pdf", Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0xff, 0xff));
      const bytes = place("bytes", Uint8Array.of(0xff, 0xfe));
      const [half, list] = [place("half.json", "{"), place("list.json", "[]")];
      const said = async (...words: string[]) => {
        const child = Bun.spawn([python ?? "", join(spec, "verify.py"), ...words], {
          stdout: "pipe",
          stderr: "pipe",
          env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
        });
        const [out, wrong] = [
          await new Response(child.stdout).text(),
          await new Response(child.stderr).text(),
        ];
        expect([await child.exited, wrong]).toEqual([1, ""]);
        return out.trim();
      };
      const of = (file: string, trusted: string) => said("certificate", file, "--registry", trusted);
      const missing = join(folder, "missing.json");
      expect(await of(missing, registry)).toBe(`${missing} cannot be read: No such file or directory.`);
      expect(await of(pdf, registry)).toBe(
        `${pdf} is a PDF: the file that it carries is what is checked here.`,
      );
      expect(await of(bytes, registry)).toBe(`${bytes} is no text in UTF-8.`);
      for (const wrong of [half, list, certificate])
        expect(await of(certificate, wrong)).toBe(
          `${wrong} is not what a registry says of itself (evx-registry/1).`,
        );
      expect(await said("vectors", registry)).toBe(`${registry} holds no vectors.`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);

test.skipIf(python === null)(
  "a day's snapshot is checked by its statement and its packed lines; others, and what is no gzip, it names",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "evx-vectors-"));
    try {
      const copied = Object(made.vectors.find(({ kind }) => kind === "snapshot")?.input);
      const [file, lines] = [String(copied.file), String(copied.lines)];
      const place = (name: string, content: string | Uint8Array) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const registry = place("registry.json", JSON.stringify(made.registry));
      const said = async (packed: string) => {
        const words = ["snapshot", place("day.json", file), packed, "--registry", registry];
        const child = Bun.spawn([python ?? "", join(spec, "verify.py"), ...words], {
          stdout: "pipe",
          stderr: "inherit",
          env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
        });
        return `${(await new Response(child.stdout).text()).trim()} ${await child.exited}`;
      };
      expect(await said(place("day.gz", Bun.gzipSync(lines)))).toBe("genuine 0");
      expect(await said(place("other.gz", Bun.gzipSync(lines.toUpperCase())))).toBe(
        "false: lines\nThe lines are not those that the statement is about. 1",
      );
      const plain = place("plain.gz", lines);
      expect(await said(plain)).toBe(`${plain} cannot be unpacked. 1`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
