import { afterAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import type { Actor } from "@evx/rpc";
import { openVault } from "@evx/vault";
import { mediaOf } from "./media.ts";
import { rotateKyc } from "./rotation.ts";
import { asPerson, testKyc } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const identity = testKyc(t);

/** The smallest pictures that are whole. */
const png = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);
const pdf = new TextEncoder().encode(
  `%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`,
);
const stream = (content: Uint8Array | string) =>
  new Blob([content as never]).stream() as unknown as ReadableStream<Uint8Array>;

const as = (actor: Actor | null, of = identity) => asPerson(t, of, actor);
const input = {
  legalName: "Nguyễn Thị Hoa",
  countryCode: "VN",
  documentType: "national_id" as const,
  documentNumber: "079 203 001 234",
};

const handedIn = async (person: Actor, more: Partial<typeof input> = {}) => {
  const { document } = await as(person).kyc.upload({ content: stream(png) });
  const { file } = await as(person).kyc.submit({ ...input, ...more, documentIds: [document.id] });
  if (!file) throw new Error("nothing was handed in");
  return { file, document };
};
const stateOf = async (person: Actor) =>
  (
    await t.db
      .selectFrom("identity.user")
      .select("kyc_status")
      .where("id", "=", person.id)
      .executeTakeFirstOrThrow()
  ).kyc_status;
const newcomer = () => aUser(t, { kycStatus: "none" });
const traces = (object: string) =>
  t.db
    .selectFrom("identity.audit")
    .select(["action", "actor_id"])
    .where("object", "=", object)
    .orderBy("seq")
    .execute();

describe("proof of identity", () => {
  test("goes none, submitted, verified; a reviewer reads what was sent, byte for byte", async () => {
    const person = await newcomer();
    const cva = await aUser(t, { role: "cva" });
    expect(await as(person).kyc.mine()).toEqual({ status: "none", file: null });
    const { file, document } = await handedIn(person);
    expect(await stateOf(person)).toBe("submitted");
    const detail = await as(cva).kyc.read({ id: file.id });
    expect(detail).toMatchObject({
      legalName: "Nguyễn Thị Hoa",
      documentNumber: "079 203 001 234",
      sameDocument: 0,
    });
    const picture = (await as(cva).kyc.document({ id: document.id })) as {
      content: Uint8Array;
      contentType: string;
    };
    expect(picture.contentType).toBe("image/png");
    expect([...picture.content]).toEqual([...png]);
    expect((await as(cva).kyc.decide({ id: file.id, decision: "verified" })).status).toBe("verified");
    expect(await stateOf(person)).toBe("verified");
    expect(await refusalCode(as(person).kyc.submit({ ...input, documentIds: [document.id] }))).toBe(
      "kyc_verified_already",
    );
  });

  test("that is rejected says why and can be handed in again", async () => {
    const person = await newcomer();
    const admin = await aUser(t, { role: "admin" });
    const { file } = await handedIn(person);
    expect(await refusalCode(as(admin).kyc.decide({ id: file.id, decision: "rejected" }))).toBe(
      "input_invalid",
    );
    await as(admin).kyc.decide({ id: file.id, decision: "rejected", reason: "The picture is blurred." });
    expect((await as(person).kyc.mine()).file).toMatchObject({
      status: "rejected",
      reason: "The picture is blurred.",
    });
    await handedIn(person);
    expect(await stateOf(person)).toBe("submitted");
  });

  test("every reading by anyone leaves a trace", async () => {
    const person = await newcomer();
    const cva = await aUser(t, { role: "cva" });
    const { file, document } = await handedIn(person);
    await as(cva).kyc.read({ id: file.id });
    await as(cva).kyc.document({ id: document.id });
    await as(person).kyc.document({ id: document.id });
    expect((await traces(file.id)).map((row) => row.action)).toEqual(
      expect.arrayContaining(["kyc.submit", "kyc.read"]),
    );
    const read = await traces(document.id);
    expect(read.map((row) => row.actor_id).sort()).toEqual([cva.id, person.id].sort());
  });

  test("is seen by nobody but the person and reviewers", async () => {
    const person = await newcomer();
    const { file, document } = await handedIn(person);
    const loose = await as(person).kyc.upload({ content: stream(pdf) });
    const buyer = await aUser(t, { role: "buyer" });
    const unaccredited = await aUser(t, { role: "cva", accredited: false });
    const cva = await aUser(t, { role: "cva" });
    for (const other of [buyer, unaccredited]) {
      expect(await refusalCode(as(other).kyc.read({ id: file.id }))).toBe("reviewer_required");
      expect(await refusalCode(as(other).kyc.queue({}))).toBe("reviewer_required");
      expect(await refusalCode(as(other).kyc.document({ id: document.id }))).toBe("document_not_found");
      expect(await refusalCode(as(other).kyc.decide({ id: file.id, decision: "verified" }))).toBe(
        "reviewer_required",
      );
    }
    // What is not handed in yet is the person's alone.
    expect(await refusalCode(as(cva).kyc.document({ id: loose.document.id }))).toBe("document_not_found");
    expect(await refusalCode(as(null).kyc.document({ id: document.id }))).toBe("sign_in_required");
  });

  test("nobody decides on their own, and of two reviewers at once one decides", async () => {
    const cva = await aUser(t, { role: "cva", kycStatus: "none" });
    const own = await handedIn(cva, { documentNumber: "C1234567" });
    expect(await refusalCode(as(cva).kyc.decide({ id: own.file.id, decision: "verified" }))).toBe(
      "kyc_own_file",
    );
    const [one, two] = [await aUser(t, { role: "cva" }), await aUser(t, { role: "admin" })];
    const codes = await Promise.all([
      refusalCode(as(one).kyc.decide({ id: own.file.id, decision: "verified" })),
      refusalCode(as(two).kyc.decide({ id: own.file.id, decision: "rejected", reason: "Not readable" })),
    ]);
    expect(codes.sort()).toEqual(["kyc_decided_already", "none"]);
  });

  test("one file waits at a time; pictures of others or twice used are refused and nothing is half handed in", async () => {
    const [person, other] = [await newcomer(), await newcomer()];
    const mine = await as(person).kyc.upload({ content: stream(png) });
    const theirs = await as(other).kyc.upload({ content: stream(png) });
    const both = { ...input, documentIds: [mine.document.id, theirs.document.id] };
    expect(await refusalCode(as(person).kyc.submit(both))).toBe("document_not_found");
    expect(await stateOf(person)).toBe("none");
    const attempts = await Promise.all(
      [1, 2].map(() => refusalCode(as(person).kyc.submit({ ...input, documentIds: [mine.document.id] }))),
    );
    expect(attempts.sort()).toEqual(["kyc_waiting", "none"]);
  });

  test("the same document of another person is shown to the reviewer, however it was spaced", async () => {
    const [one, two] = [await newcomer(), await newcomer()];
    const number = { documentNumber: "B 765-432 1" };
    await handedIn(one, number);
    const { file } = await handedIn(two, { documentNumber: "b7654321" });
    const cva = await aUser(t, { role: "cva" });
    expect((await as(cva).kyc.read({ id: file.id })).sameDocument).toBe(1);
  });

  test("the queue shows what waits, oldest first, page by page, and nothing that identifies a document", async () => {
    const own = await testDatabase();
    try {
      const there = testKyc(own);
      const call = (actor: Actor) => asPerson(own, there, actor);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        own.clock.advance(1_000);
        const person = await aUser(own, { kycStatus: "none" });
        const { document } = await call(person).kyc.upload({ content: stream(png) });
        const { file } = await call(person).kyc.submit({ ...input, documentIds: [document.id] });
        ids.push(file?.id ?? "");
      }
      const admin = await aUser(own, { role: "admin" });
      const first = await call(admin).kyc.queue({ limit: 2 });
      const second = await call(admin).kyc.queue({ limit: 5, cursor: first.nextCursor ?? undefined });
      expect([...first.items, ...second.items].map((item) => item.id as string)).toEqual(ids);
      expect(JSON.stringify([first, second])).not.toContain("079");
      expect(await call(admin).kyc.queue({ status: "verified" })).toEqual({ items: [], nextCursor: null });
    } finally {
      await own.close();
    }
  });
});

describe("pictures", () => {
  const bytes = (text: string, length = 200) => new TextEncoder().encode(text.padEnd(length, " "));

  test("are known by their content, whatever they are called", async () => {
    expect(mediaOf(png)).toBe("image/png");
    expect(mediaOf(pdf)).toBe("application/pdf");
    const person = await newcomer();
    const { document } = await as(person).kyc.upload({
      content: stream(pdf),
      contentType: "image/png",
      fileName: "me.png",
    });
    expect(document.contentType).toBe("application/pdf");
  });

  for (const [what, content] of [
    ["a page called passport.png", bytes("<html><script>alert(1)</script></html>")],
    ["a picture of vectors, which can carry scripts", bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ["a program", bytes("\u007fELF")],
    ["a zip", bytes("PK\u0003\u0004")],
    ["nothing", new Uint8Array(0)],
    ["half a picture", png.slice(0, 60)],
    ["a picture's head before something else", new Uint8Array([...png.slice(0, 40), ...bytes("<script>")])],
    ["a PDF without its end", bytes("%PDF-1.7 something")],
    ["zeros", new Uint8Array(5_000)],
  ] as const) {
    test(`${what} is refused and nothing is stored`, async () => {
      const person = await newcomer();
      const call = as(person).kyc.upload({
        content: stream(content),
        contentType: "image/png",
        fileName: "passport.png",
      });
      expect(await refusalCode(call)).toBe("document_unreadable");
      const rows = await t.db
        .selectFrom("identity.document")
        .select("id")
        .where("user_id", "=", person.id)
        .execute();
      expect(rows).toEqual([]);
    });
  }

  test("over 10 MB are refused while they come in; eight wait at most", async () => {
    const person = await newcomer();
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000));
      },
    });
    expect(await refusalCode(as(person).kyc.upload({ content: endless }))).toBe("document_too_large");
    expect(sent).toBeLessThan(15_000_000);
    for (let n = 0; n < 8; n++) await as(person).kyc.upload({ content: stream(png) });
    expect(await refusalCode(as(person).kyc.upload({ content: stream(png) }))).toBe("documents_full");
  });
});

describe("encryption at rest", () => {
  test("what is stored shows neither names nor numbers nor pictures", async () => {
    const person = await newcomer();
    const { file } = await handedIn(person, { documentNumber: "X9988776" });
    const rows = await t.db.selectFrom("identity.kyc_file").selectAll().where("id", "=", file.id).execute();
    const documents = await t.db
      .selectFrom("identity.document")
      .selectAll()
      .where("file_id", "=", file.id)
      .execute();
    const stored = Buffer.concat([...rows.map((row) => row.sealed), ...documents.map((row) => row.sealed)]);
    expect(stored.includes("X9988776")).toBe(false);
    expect(stored.includes("Nguyễn")).toBe(false);
    expect(stored.includes("PNG")).toBe(false);
    expect(rows[0]?.key_id).toBe((await identity.vault).keyId);
  });

  test("keys rotate in portions while people work; then the old key can go", async () => {
    const own = await testDatabase();
    try {
      const before = testKyc(own, { vault: openVault("the-old-key-0123456789abcd", "identity") });
      const people: Actor[] = [];
      for (let n = 0; n < 3; n++) {
        const person = await aUser(own, { kycStatus: "none" });
        const call = asPerson(own, before, person);
        const { document } = await call.kyc.upload({ content: stream(png) });
        await call.kyc.submit({ ...input, documentNumber: `N000${n}1`, documentIds: [document.id] });
        people.push(person);
      }
      const admin = await aUser(own, { role: "admin" });
      const during = testKyc(own, {
        vault: openVault("the-new-key-0123456789abcd,the-old-key-0123456789abcd", "identity"),
      });
      const ctx = { db: own.db, actor: admin, transact: own.transact };
      let left = 6;
      for (let round = 0; left > 0 && round < 10; round++) left = (await rotateKyc(ctx, during, 2)).left;
      expect(left).toBe(0);
      const after = testKyc(own, { vault: openVault("the-new-key-0123456789abcd", "identity") });
      const { items } = await asPerson(own, after, admin).kyc.queue({});
      for (const item of items) {
        const detail = await asPerson(own, after, admin).kyc.read({ id: item.id });
        const picture = (await asPerson(own, after, admin).kyc.document({
          id: detail.documents[0]?.id ?? "",
        })) as { content: Uint8Array };
        expect([...picture.content]).toEqual([...png]);
      }
      // A document is known again after the rotation.
      const double = await aUser(own, { kycStatus: "none" });
      const call = asPerson(own, after, double);
      const { document } = await call.kyc.upload({ content: stream(png) });
      const { file } = await call.kyc.submit({
        ...input,
        documentNumber: "N00011",
        documentIds: [document.id],
      });
      expect((await asPerson(own, after, admin).kyc.read({ id: file?.id ?? "" })).sameDocument).toBe(1);
    } finally {
      await own.close();
    }
  });
});
