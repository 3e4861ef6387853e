/** A stranger's check of a certificate: files alone. Every address in the environment leads nowhere. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificatePdf, publicCertificate, publicKeys } from "@evx/certificates";
import { testPorts } from "@evx/certificates/testing";
import { testDatabase } from "@evx/db/testing";
import { generateSigningKey, isInclusionProof, qrAddress, readSigningKeys } from "@evx/proof";
import { proveTrip } from "@evx/review";
import { anIssuedRequest } from "@evx/review/testing";
import { verifyFile } from "./certificate.ts";
import { Failed } from "./failed.ts";

setDefaultTimeout(120_000);

let folder: string;
let number: string;
let t: Awaited<ReturnType<typeof testDatabase>>;
type File = Awaited<ReturnType<typeof publicCertificate>>;
let genuine: File;

const at = (name: string) => join(folder, name);
const write = async (name: string, content: unknown): Promise<string> => {
  await Bun.write(at(name), typeof content === "string" ? content : JSON.stringify(content));
  return at(name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evx-certificate-"));
  t = await testDatabase();
  const ports = await testPorts();
  const { owner, request, certificate } = await anIssuedRequest(t, ports);
  number = certificate.number;
  genuine = await publicCertificate(t.db, ports, number, t.clock.now());
  await write("certificate.json", genuine);
  await Bun.write(at("certificate.pdf"), await certificatePdf(genuine, "vi"));
  await write("keys.json", { items: await publicKeys(t.db, ports, t.clock.now()) });
  const [trip] = await t.admin
    .selectFrom("vehicles.trip")
    .select("id")
    .where("request_id", "=", request.id)
    .limit(1)
    .execute();
  const proof = await proveTrip(t.db, owner, { id: request.id, tripId: trip?.id as never });
  await write("proof.json", proof);
  await t.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const failure = async (work: Promise<unknown>): Promise<Failed> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failed)) throw new Error("it did not fail", { cause: error });
  return error;
};

type Answer = { ok: boolean; checks: { check: string; result: string }[]; notChecked: string[]; key: string };

const resultOf = (answer: unknown, check: string): string | undefined =>
  (answer as Answer).checks.find((one) => one.check === check)?.result;

describe("certificate verify", () => {
  test("the command holds a genuine certificate with proof and keys to be good, with no venue to ask; a tampered one not", async () => {
    const verify = async (file: string) => {
      const child = Bun.spawn(
        [process.execPath, join(import.meta.dir, "index.ts"), "certificate", "verify", file]
          .concat(["--key", at("keys.json")])
          .concat(["--proof", at("proof.json")]),
        {
          stdio: ["ignore", "pipe", "pipe"],
          env: {
            PATH: Bun.env.PATH ?? "",
            DATABASE_URL: "postgres://nobody@127.0.0.1:9/none",
            EVX_URL: "http://127.0.0.1:9",
          },
        },
      );
      const [out, err] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { code: await child.exited, answer: JSON.parse(out) as Answer, err };
    };
    const good = await verify(at("certificate.json"));
    expect([good.code, good.err, good.answer.ok]).toEqual([0, "", true]);
    expect(good.answer.checks.map(({ check, result }) => `${check} ${result}`)).toEqual([
      "format passed",
      "key passed",
      "signature passed",
      "twins passed",
      "number passed",
      "dates passed",
      "serials passed",
      "log unknown",
      "revocation passed",
      "inclusion passed",
    ]);
    expect(good.answer.notChecked.join(" ")).toContain("revocation is known only as of the file");

    const { certificate } = genuine;
    const more = { ...genuine, certificate: { ...certificate, holder: "Somebody Else" } };
    const bad = await verify(await write("tampered.json", more));
    expect([bad.code, bad.answer.ok, resultOf(bad.answer, "signature")]).toEqual([1, false, "failed"]);
    expect(bad.err).toContain("signature: The signature does not fit the content.");
  });

  test("without the venue's keys it says that the file's own key proves wholeness alone; another's key does not fit", async () => {
    const unknown = await failure(verifyFile(at("certificate.json")));
    expect(unknown.message).toContain("Unknown signer");
    expect(unknown.answer).toMatchObject({
      ok: false,
      verdict: "unknown_signer",
      key: "the file's own",
      number,
    });
    expect((unknown.answer as Answer).notChecked.join(" ")).toContain(
      "Whether the signing key is the venue's",
    );
    const { current } = await readSigningKeys(generateSigningKey());
    const other = await write("other-keys.json", [{ id: current.id, publicKey: current.publicKey }]);
    const refused = await failure(verifyFile(at("certificate.json"), { key: other }));
    expect(resultOf(refused.answer, "key")).toBe("failed");
  });

  test("a serial number that is larger than what was signed, a revoked one, and a proof of another batch fail", async () => {
    const { certificate } = genuine;
    const lots = certificate.lots.map((lot) => ({ ...lot, grams: `${lot.grams}0` }));
    const larger = await write("larger.json", { ...genuine, certificate: { ...certificate, lots } });
    expect(resultOf((await failure(verifyFile(larger))).answer, "serials")).toBe("failed");
    const revocation = { revokedAt: "2026-05-01T00:00:00Z", reason: "Counted twice" };
    const revoked = await write("revoked.json", { ...genuine, status: "revoked", revocation });
    expect(await failure(verifyFile(revoked))).toMatchObject({
      message: expect.stringContaining("Counted twice"),
    });
    const { proof } = (await Bun.file(at("proof.json")).json()) as { proof: { root: string } };
    expect(isInclusionProof(proof)).toBe(true);
    const foreign = await write("foreign.json", { proof: { ...proof, root: "00".repeat(32) } });
    const failed = await failure(
      verifyFile(at("certificate.json"), { proof: foreign, key: at("keys.json") }),
    );
    expect(resultOf(failed.answer, "inclusion")).toBe("failed");
    // The bare proof, without what REST puts around it, is as good.
    const bare = await write("bare.json", proof);
    expect((await verifyFile(at("certificate.json"), { proof: bare, key: at("keys.json") })).ok).toBe(true);
  });

  test("the PDF is a certificate as well, for it carries one; without what it carries it is none", async () => {
    const answer = await verifyFile(at("certificate.pdf"), { key: at("keys.json") });
    expect([answer.ok, answer.number, answer.checks]).toEqual([
      true,
      number,
      (await verifyFile(at("certificate.json"), { key: at("keys.json") })).checks,
    ]);
    const bare = Buffer.from(await Bun.file(at("certificate.pdf")).bytes());
    bare.write("/Nothing", bare.indexOf("/EmbeddedFile\n"), "latin1");
    await Bun.write(at("bare.pdf"), bare);
    expect((await failure(verifyFile(at("bare.pdf")))).message).toContain("The PDF carries no certificate");
  });

  test("what is larger than any certificate, or never ends, is refused in bounded memory", async () => {
    const items = `${"{},".repeat(9_999_999)}{}`;
    const many = await write("many.json", `{"certificate":{"lots":[${items}]},"signature":"A"}`);
    const before = process.memoryUsage().rss;
    expect((await failure(verifyFile(many))).message).toContain('"lots" has more than 100000 items');
    expect((await failure(verifyFile(at("certificate.json"), { proof: many }))).message).toContain(
      'is not JSON that everybody reads alike: "lots" has more than',
    );
    expect((await failure(verifyFile("/dev/zero"))).message).toContain("no certificate is that long");
    expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000);
  });

  test("the address of the QR code is a certificate as well; it says nothing of revocation, and so does the answer", async () => {
    const address = await qrAddress(genuine);
    expect(address).toContain("#1.");
    const answer = await verifyFile(address, { key: at("keys.json") });
    expect([answer.ok, resultOf(answer, "revocation")]).toEqual([true, "unknown"]);
    expect(answer.notChecked[0]).toContain("the file does not say");
    const end = address.slice(0, -9);
    expect((await failure(verifyFile(end))).message).toContain("holds no certificate");
  });

  test("what is no certificate, no key, no proof and no file is each one sentence", async () => {
    expect((await failure(verifyFile(at("none.json")))).message).toContain("There is no file");
    expect((await failure(verifyFile(await write("text.json", "hello")))).message).toContain("not JSON");
    expect((await failure(verifyFile(await write("list.json", [])))).message).toContain("does not hold");
    const certificate = at("certificate.json");
    expect((await failure(verifyFile(certificate, { key: certificate }))).message).toContain("no public key");
    const none = await failure(verifyFile(certificate, { proof: await write("p.json", "{") }));
    expect(none.message).toContain("p.json is not JSON");
  });
});
