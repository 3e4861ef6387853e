import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { aLife, type Composed, compose, type Life } from "./authorization/world.ts";

setDefaultTimeout(60_000);

let t: TestDatabase;
let composed: Composed;
let life: Life;
beforeAll(async () => {
  t = await testDatabase();
  composed = await compose(t);
  life = await aLife(t, composed);
});
afterAll(() => t.close());

const asAdmin = () => composed.doing(life.actors.admin);

const found = async (q: string) =>
  (await asAdmin().find.all({ q })).groups.flatMap(({ kind, items }) => items.map(({ id }) => [kind, id]));

test("people are found with and without the marks of their names, by address and by id", async () => {
  const somebody = await aUser(t, { role: "buyer", fullName: "Nguyễn Đức Ẩn" });
  for (const q of ["nguyen duc an", "NGUYỄN ĐỨC", somebody.id]) {
    expect(await found(q)).toContainEqual(["user", somebody.id]);
  }
  expect(await found("50%_off")).toEqual([]);
});

test("vehicles, orders, payments, certificates and serials are found by what they are called", async () => {
  const { vehicle, order } = life.ids;
  expect(await found(vehicle)).toEqual([["vehicle", vehicle]]);
  const kinds = (await found(order)).map(([kind]) => kind);
  expect(kinds).toEqual(["order", "payment"]);
  const {
    items: [certificate],
  } = await asAdmin().verification.certificates.search({});
  expect(await found(certificate?.certificateNumber ?? "")).toContainEqual([
    "certificate",
    certificate?.certificateNumber ?? "",
  ]);
  const {
    items: [batch],
  } = await asAdmin().credits.registry.batches({});
  expect(await found(batch?.serial ?? "")).toContainEqual(["serial", batch?.serial ?? ""]);
  expect(await found("EVX-nothing")).toEqual([]);
});

test("a serial is found wherever in a block of grams it lies, at its ends and in its middle, and none beyond", async () => {
  const { items } = await asAdmin().credits.registry.batches({});
  const serial = items[0]?.serial ?? "";
  // A certificate that these grams are on may be found beside them.
  const kindsOf = async (q: string) => (await found(q)).map(([kind]) => kind);
  const [, head = "", first = "", last = ""] = /^(.*)-(\d+)-(\d+)$/.exec(serial) ?? [];
  const grams = { first: Number(first), last: Number(last) };
  expect(grams.last - grams.first).toBeGreaterThan(2);
  const middle = Math.floor((grams.first + grams.last) / 2);
  for (const gram of [grams.first, middle, grams.last])
    for (const q of [`${head}-${gram}-${gram}`, `${head}-${gram}-${gram}`.toLowerCase()])
      expect(await kindsOf(q)).toContain("serial");
  expect(await kindsOf(`${head}-${middle}-${middle + 1}`)).toContain("serial");
  expect(await kindsOf(`${head}-${grams.last + 1}-${grams.last + 1}`)).toEqual([]);
});

test("a payment is found by the number that its gateway gave it, and by nobody else's", async () => {
  const row = await t.db
    .selectFrom("payments.attempt")
    .select(["payment_id", "ref", "charge_ref"])
    .where("charge_ref", "is not", null)
    .executeTakeFirstOrThrow();
  for (const ref of [row.ref, row.charge_ref]) {
    expect(await found(ref ?? "")).toContainEqual(["payment", row.payment_id]);
    expect(await found(`${ref}0`)).toEqual([]);
  }
});

test("one kind is read page by page, and nobody but an operator searches", async () => {
  const page = async (cursor?: string) =>
    (await asAdmin().find.all({ q: "evx", kind: "user", limit: 1, cursor })).groups[0];
  const first = await page();
  const second = await page(first?.nextCursor ?? "");
  expect([first?.items.length, second?.items.length]).toEqual([1, 1]);
  expect(first?.items[0]?.id).not.toBe(second?.items[0]?.id ?? "");
  const owner = composed.doing(life.actors.owner);
  expect(await refusalCode(owner.find.all({ q: "evx" }))).toBe("role_required");
});
