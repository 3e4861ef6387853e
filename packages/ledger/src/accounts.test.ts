import { describe, expect, test } from "bun:test";
import { newId } from "@evx/kernel";
import fc from "@evx/tooling/properties";
import {
  type AccountId,
  assetOf,
  cash,
  escrow,
  issuedAccount,
  kindOf,
  listingAccount,
  ownerOf,
  platformFee,
  SHARDS,
  shardOf,
} from "./accounts.ts";

describe("accounts", () => {
  test("say their asset, kind and owner by name", () => {
    const [user, listing] = [newId("user"), newId("listing")];
    const read = (account: AccountId) => [assetOf(account), kindOf(account), ownerOf(account)];
    expect(read(cash("VND", user))).toEqual(["VND", "cash", user]);
    expect(read(listingAccount(listing))).toEqual(["gCO2e", "listing", listing]);
    expect(read(issuedAccount())).toEqual(["gCO2e", "issued", ""]);
    expect(() => assetOf("XAU/cash/x" as AccountId)).toThrow("names no asset");
  });

  test("any id has one of the sixteen shards, and always the same", () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const shard = shardOf(id);
        expect(Number.isInteger(shard) && shard >= 0 && shard < SHARDS).toBe(true);
        expect(shardOf(id)).toBe(shard);
      }),
    );
  });

  test("shards of new ids are used evenly, so no row carries more than its share", () => {
    const used = new Map<string, number>();
    for (let n = 0; n < 16_000; n++) {
      const account = n % 2 ? escrow("USD", newId("order")) : platformFee("USD", newId("transfer"));
      used.set(ownerOf(account), (used.get(ownerOf(account)) ?? 0) + 1);
    }
    expect(used.size).toBe(SHARDS);
    for (const count of used.values()) expect(Math.abs(count - 1_000)).toBeLessThan(250);
  });

  // A shard is part of an account's name in the book: these may never come out differently.
  test("the shards of known ids stay what they were", () => {
    expect(
      ["ord_01jqz5w0000000000000000000", "tfr_01jqz5w0000000000000000001", "tfr_x"].map((id) => shardOf(id)),
    ).toEqual([3, 12, 3]);
  });
});
