import { afterAll, beforeAll, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { aListing } from "@evx/listings/testing";
import type { Actor } from "@evx/rpc";
import { disputeDetail, openDispute, resolveDispute } from "./disputes.ts";
import { addEvidence, readEvidence } from "./evidence.ts";
import { anOrder, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const chunk = (name: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(content.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(Bun.hash.crc32(body), body.length + 4);
  return out;
};

/** A picture of 4 × 4, with something hidden where viewers do not look. */
const picture = (hidden = ""): Uint8Array => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(4, 0);
  head.writeUInt32BE(4, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      chunk("IHDR", head),
      ...(hidden ? [chunk("tEXt", Buffer.from(hidden))] : []),
      chunk("IDAT", deflateSync(Buffer.alloc(52))),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
};

type Who = Pick<Actor, "id" | "role">;

const add = (who: Who, id: Id<"dispute">, bytes = picture(), fileName?: string) =>
  addEvidence(t, who, { id, fileName, content: new Blob([new Uint8Array(bytes)]).stream() });

const disputed = async () => {
  const listing = await aListing(t);
  const order = await anOrder(t, listing.id);
  await payOrder(t, order);
  const buyer: Who = { id: order.buyer.id, role: "buyer" };
  const id = await t.transact((tx) =>
    openDispute(tx, buyer, { id: newId("dispute"), orderId: order.id, reason: "Not what was shown" }),
  );
  return { id, buyer, seller: listing.seller };
};

test("both sides add pictures, both read them and nobody else, and nothing hidden in them is kept", async () => {
  const { id, buyer, seller } = await disputed();
  const [operator, stranger] = [await aUser(t, { role: "admin" }), await aUser(t, { role: "buyer" })];
  await add(buyer, id, picture("<script>alert(1)</script>"), "../photo.png");
  await add(seller, id);
  const { files } = await disputeDetail(t.db, operator, id);
  expect(files.map(({ author, name }) => [author, name])).toEqual([
    ["buyer", "../photo.png"],
    ["seller", "file.png"],
  ]);
  const file = files[0]?.id ?? newId("evidence");
  for (const who of [buyer, seller, operator]) {
    const read = await readEvidence(t.db, who, file);
    expect(read).toMatchObject({ contentType: "image/png", fileName: `${file}.png` });
    expect(Buffer.from(read.content).includes("script")).toBe(false);
  }
  expect(await refusalCode(readEvidence(t.db, stranger, file))).toBe("evidence_not_found");
  expect(await refusalCode(readEvidence(t.db, stranger, newId("evidence")))).toBe("evidence_not_found");
  expect(await refusalCode(add(stranger, id))).toBe("dispute_not_found");
});

test("a page of HTML is refused, also under a picture's name; ten files are enough; a decided dispute takes none", async () => {
  const { id, buyer } = await disputed();
  const html = new Uint8Array(Buffer.from(`<html>${" ".repeat(100)}</html>`));
  expect(await refusalCode(add(buyer, id, html, "photo.png"))).toBe("document_unreadable");
  for (let n = 0; n < 10; n++) await add(buyer, id);
  expect(await refusalCode(add(buyer, id))).toBe("evidence_full");
  const operator = await aUser(t, { role: "admin" });
  await t.transact((tx) => resolveDispute(tx, operator, { id, outcome: "release" }));
  expect(await refusalCode(add(operator, id))).toBe("dispute_resolved");
});
