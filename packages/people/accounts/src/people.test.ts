import { afterAll, describe, expect, test } from "bun:test";
import { auditTrail } from "@evx/audit";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import type { Actor } from "@evx/rpc";
import { publicNames } from "./public-names.ts";
import { aContext, aUser, testAccounts } from "./testing.ts";
import { displayNames, userById } from "./users.ts";

const t = await testDatabase();
afterAll(() => t.close());
const accounts = testAccounts(t);
const as = (actor: Actor | null) => aContext(t, accounts, actor);
const admin = await aUser(t, { role: "admin", fullName: "Operator One" });
await aUser(t, { role: "admin", fullName: "Operator Two" });

describe("one's own account", () => {
  test("is read and changed by its person: name, phone, language; what is left out stays", async () => {
    const person = await aUser(t, { fullName: "Before" });
    await as(person).updateProfile({ phone: "+84 90 123 45 67" });
    const { user } = await as(person).updateProfile({ fullName: "Sau khi đổi", locale: "vi" });
    expect(user).toMatchObject({ fullName: "Sau khi đổi", phone: "+84 90 123 45 67", locale: "vi" });
    expect((await as(person).updateProfile({ phone: null })).user.phone).toBeNull();
    expect((await as(person).profile()).user).toMatchObject({ fullName: "Sau khi đổi", phone: null });
    expect((await as(person).updateProfile({})).user.fullName).toBe("Sau khi đổi");
  });

  test("is a pseudonym to the public until its person chooses otherwise; what they choose is checked", async () => {
    const person = await aUser(t, { fullName: "Trần Văn Kín" });
    const { publicName } = await as(person).publicName();
    expect(publicName).toMatchObject({ kind: "pseudonym", name: null, lei: null });
    expect(publicName.shown).toBe(publicName.pseudonym);
    expect(publicName.pseudonym).toMatch(/^H(-[0-9A-F]{4}){3}$/);
    expect(publicName.pseudonym).not.toBe((await as(admin).publicName()).publicName.pseudonym);
    const company = { kind: "company", name: "Xe Xanh JSC", lei: " 5493 001kjtiigc8y1r12" } as const;
    expect((await as(person).choosePublicName(company)).publicName).toEqual({
      ...{ kind: "company", name: "Xe Xanh JSC", lei: "5493001KJTIIGC8Y1R12" },
      ...{ pseudonym: publicName.pseudonym, shown: "Xe Xanh JSC" },
    });
    expect((await publicNames(t.db, [person.id])).get(person.id)).toBe("Xe Xanh JSC");
    for (const wrong of [
      { kind: "company", name: "Xe Xanh JSC", lei: "5493001KJTIIGC8Y1R13" },
      { kind: "company", name: "Xe Xanh JSC", lei: "x" },
      { kind: "name", name: "H-1234-ABCD-9999" },
      { kind: "name", name: "" },
      { kind: "name", name: "Ánh", lei: "5493001KJTIIGC8Y1R12" },
    ])
      expect(await refusalCode(as(person).choosePublicName(wrong as typeof company))).toBe("input_invalid");
    expect((await as(person).choosePublicName({ kind: "pseudonym" })).publicName).toEqual(publicName);
    expect((await as(person).audit.mine({})).items.map(({ action }) => action)).toEqual([
      "user.public_name",
      "user.public_name",
    ]);
  });

  test("cannot give itself a role, an accreditation or an identity check", async () => {
    const person = await aUser(t, { role: "cva", accredited: false, kycStatus: "none" });
    const input = {
      fullName: "Same",
      role: "admin",
      accredited: true,
      kycStatus: "verified",
      emailVerified: true,
    };
    const { user } = await as(person).updateProfile(input as { fullName: string });
    expect(user).toMatchObject({ role: "cva", accredited: false, kycStatus: "none" });
  });

  test("is hidden from others as if it were not there; an administrator sees it", async () => {
    const person = await aUser(t);
    const other = await aUser(t, { role: "buyer" });
    expect((await as(person).user({ id: person.id })).user.id).toBe(person.id);
    expect((await as(admin).user({ id: person.id })).user.id).toBe(person.id);
    expect(await refusalCode(as(other).user({ id: person.id }))).toBe("not_found");
    expect(await refusalCode(as(other).user({ id: newId("user") }))).toBe("not_found");
    expect(await refusalCode(as(admin).user({ id: newId("user") }))).toBe("user_not_found");
    expect(await refusalCode(as(null).user({ id: person.id }))).toBe("sign_in_required");
  });

  test("shows its own trail and nobody else's", async () => {
    const [one, two] = [await aUser(t), await aUser(t)];
    await as(one).updateProfile({ fullName: "Renamed" });
    expect((await as(one).audit.mine({})).items.map((line) => line.action)).toEqual(["user.update_profile"]);
    expect((await as(two).audit.mine({})).items).toEqual([]);
  });

  test("text of any kind is kept as it was typed, never run", async () => {
    const person = await aUser(t);
    for (const fullName of [
      "O'Brien; drop table identity.user; --",
      'Anh "Ba" & Co.',
      "#{7*7} {{7*7}} %s",
      "Nguyễn 阮 🚗",
    ]) {
      expect((await as(person).updateProfile({ fullName })).user.fullName).toBe(fullName);
      expect((await as(admin).users.search({ q: fullName })).items[0]?.id).toBe(person.id);
    }
    for (const fullName of ["<script>alert(1)</script>", "two\nlines", "\u0000", "  ", "x".repeat(121)])
      expect(await refusalCode(as(person).updateProfile({ fullName }))).toBe("input_invalid");
  });
});

describe("the operator's console", () => {
  test("finds people by part of name or address, role and state; wildcards mean themselves", async () => {
    const own = await testDatabase();
    try {
      const operator = await aUser(own, { role: "admin", fullName: "Admin" });
      const api = aContext(own, testAccounts(own), operator);
      await aUser(own, { role: "buyer", fullName: "Trần Thị Bưởi", email: "pomelo@shop.vn" });
      const cva = await aUser(own, {
        role: "cva",
        fullName: "50% Verified_Co",
        accredited: false,
        kycStatus: "submitted",
      });
      const names = async (filter: Parameters<typeof api.users.search>[0]) =>
        (await api.users.search(filter)).items.map((user) => user.fullName);
      expect(await names({ q: "THỊ BƯỞI" })).toEqual(["Trần Thị Bưởi"]);
      expect(await names({ q: "pomelo@" })).toEqual(["Trần Thị Bưởi"]);
      expect(await names({ q: "%" })).toEqual(["50% Verified_Co"]);
      expect(await names({ q: "d_c" })).toEqual(["50% Verified_Co"]);
      expect(await names({ q: "nobody" })).toEqual([]);
      expect(await names({ role: "admin" })).toEqual(["Admin"]);
      expect(await names({ kycStatus: "submitted", accredited: false })).toEqual(["50% Verified_Co"]);
      await api.users.suspend({ id: cva.id, reason: "Under review" });
      expect(await names({ status: "suspended" })).toEqual(["50% Verified_Co"]);
      expect(await names({ status: "active" })).toHaveLength(2);
      const { items } = await api.users.counts();
      expect(items.find((row) => row.role === "cva")).toEqual({
        role: "cva",
        people: 1,
        suspended: 1,
        kycWaiting: 1,
      });
    } finally {
      await own.close();
    }
  });

  test("pages through everybody once, newest first, also when many came at one moment", async () => {
    const own = await testDatabase();
    try {
      const operator = await aUser(own, { role: "admin" });
      const api = aContext(own, testAccounts(own), operator);
      for (let n = 0; n < 25; n++) {
        if (n % 5 === 0) own.clock.advance(1_000);
        await aUser(own);
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.users.search({ limit: 7, cursor });
        seen.push(...page.items.map((user) => user.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(new Set(seen).size).toBe(26);
      // What no list ever gave is refused; so is a place that only another list could give.
      for (const cursor of ["x", "e30"])
        expect(await refusalCode(api.users.search({ limit: 7, cursor }))).toBe("input_invalid");
      for (const cursor of [btoa('["now","usr_1"]'), btoa("[1,2]"), btoa('["2026-01-01",5]')])
        expect(await refusalCode(api.users.search({ limit: 7, cursor }))).toBe("cursor_unknown");
    } finally {
      await own.close();
    }
  });

  test("creates people of every role, also administrators; a taken address is refused", async () => {
    const input = {
      email: "made@example.com",
      fullName: "Made",
      role: "admin" as const,
      password: "given-password",
    };
    const { user } = await as(admin).users.create(input);
    expect(user).toMatchObject({ role: "admin", email: "made@example.com", accredited: false });
    expect(await refusalCode(as(admin).users.create(input))).toBe("email_taken");
    expect((await auditTrail(t.db, { displayNames }, { object: user.id, limit: 5 })).items[0]).toMatchObject({
      actorId: admin.id,
      actorName: "Operator One",
      action: "user.register",
    });
  });

  test("suspends, reinstates, accredits and changes roles; twice is the same as once; each leaves a trace", async () => {
    const cva = await aUser(t, { role: "cva", accredited: false });
    const api = as(admin).users;
    for (let time = 0; time < 2; time++) await api.accredit({ id: cva.id, accredited: true });
    for (let time = 0; time < 2; time++) await api.suspend({ id: cva.id, reason: "Complaint 17" });
    for (let time = 0; time < 2; time++) await api.unsuspend({ id: cva.id });
    for (let time = 0; time < 2; time++) await api.changeRole({ id: cva.id, role: "ev_owner" });
    const { items } = await as(admin).audit.list({ object: cva.id });
    expect(items.map((line) => line.action)).toEqual([
      "user.change_role",
      "user.unsuspend",
      "user.suspend",
      "user.accredit",
    ]);
    expect(items.map((line) => line.origin)).toEqual(Array(4).fill("203.0.113.6"));
    expect(items[0]).toMatchObject({
      before: { role: "cva" },
      after: { role: "ev_owner" },
      actorId: admin.id,
    });
    expect(await userById(t.db, cva.id)).toMatchObject({
      role: "ev_owner",
      accredited: false,
      suspendedAt: null,
    });
  });

  test("refuses what would lock the venue or make no sense, and changes nothing then", async () => {
    const owner = await aUser(t);
    const api = as(admin).users;
    expect(await refusalCode(api.suspend({ id: admin.id, reason: "Myself" }))).toBe("suspend_self");
    expect(await refusalCode(api.changeRole({ id: admin.id, role: "buyer" }))).toBe("role_change_self");
    expect(await refusalCode(api.accredit({ id: owner.id, accredited: true }))).toBe("accredit_only_cva");
    const nobody = newId("user");
    const calls = [
      api.suspend({ id: nobody, reason: "Nobody" }),
      api.unsuspend({ id: nobody }),
      api.changeRole({ id: nobody, role: "buyer" }),
      api.accredit({ id: nobody, accredited: true }),
      api.forceSignOut({ id: nobody }),
    ];
    expect(new Set(await Promise.all(calls.map(refusalCode)))).toEqual(new Set(["user_not_found"]));
  });

  test("is closed to everybody else", async () => {
    const target = await aUser(t);
    for (const role of ["ev_owner", "buyer", "cva"] as const) {
      const api = as(await aUser(t, { role }));
      const calls = [
        api.users.search({}),
        api.users.counts(),
        api.users.create({ email: "x@example.com", fullName: "X", role: "admin" }),
        api.users.suspend({ id: target.id, reason: "Rival" }),
        api.users.unsuspend({ id: target.id }),
        api.users.changeRole({ id: target.id, role: "admin" }),
        api.users.accredit({ id: target.id, accredited: true }),
        api.users.forceSignOut({ id: target.id }),
        api.users.sessions({ id: target.id }),
        api.audit.list({}),
        api.audit.verify({}),
      ];
      expect(new Set(await Promise.all(calls.map(refusalCode)))).toEqual(new Set(["role_required"]));
    }
  });

  test("proves the trail whole, also against heads that were noted before", async () => {
    const first = await as(admin).audit.verify({});
    expect(first).toMatchObject({ whole: true, broken: [] });
    await aUser(t).then((person) => as(person).updateProfile({ fullName: "One more line" }));
    expect(await as(admin).audit.verify({ heads: first.heads })).toMatchObject({ whole: true });
    const forged = first.heads.map((head) => ({ ...head, hash: "0".repeat(64) }));
    expect((await as(admin).audit.verify({ heads: forged })).whole).toBe(false);
  });
});

test("names are read for many people in one query; ids that nobody has are left out", async () => {
  const [one, two] = [await aUser(t, { fullName: "One" }), await aUser(t, { fullName: "Two" })];
  const names = await displayNames(t.db, [one.id, two.id, one.id, newId("user")]);
  expect([...names].sort()).toEqual(
    [
      [one.id, "One"],
      [two.id, "Two"],
    ].sort() as never,
  );
  expect((await displayNames(t.db, [])).size).toBe(0);
});
