import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { retire, retirements } from "./retirements.ts";
import { serialOf } from "./serial.ts";
import { givenCredits } from "./testing.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

test("the retirements of a serial number are all found, also where it was retired in 130 parts", async () => {
  const owner = await aUser(t);
  const { batch } = await t.transact((tx) => givenCredits(tx, owner.id, 1_000n));
  const retired = await t.transact(async (tx) => {
    const ids: Id<"retirement">[] = [];
    for (let part = 0; part < 130; part++) {
      const id = newId("retirement");
      await retire(tx, owner, { id, amount: 2n, beneficiaryName: "Hoa Sen", reason: "event" });
      ids.push(id);
    }
    return ids;
  });
  const found = async (first: bigint, last: bigint) =>
    (await retirements(t.db, { words: serialOf(batch, first, last), limit: 500 })).items.map(({ id }) => id);
  expect((await found(1n, 1_000n)).sort()).toEqual([...retired].sort());
  expect(await found(3n, 4n)).toEqual(retired.slice(1, 2));
  expect(await found(261n, 1_000n)).toEqual([]);
});
