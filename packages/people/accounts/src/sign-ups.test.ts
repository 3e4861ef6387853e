/** Signing up, and changing an address, where addresses must be confirmed: who has an account is told to nobody. */

import { afterAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { accountsJobs } from "./jobs.ts";
import type { Letter } from "./ports.ts";
import { aUser, aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());
const sent: Letter[] = [];
const letters = { send: async (letter: Letter) => void sent.push(letter) };
const strict = testAccounts(t, { letters, requireVerifiedEmail: true });
/** The guard taken out: as it was, an account at once. */
const open = testAccounts(t, { letters });
const password = "a-good-password";
let made = 0;

const address = () => `signs${++made}@example.com`;
const from = (accounts = strict) => aVisitor(t, accounts, { ip: `198.51.${++made % 250}.7` });
const input = (email: string) => ({ email, password, fullName: "Signs Up", role: "buyer" as const });
const lettersTo = async (email: string): Promise<Letter[]> => {
  await drain(t, accountsJobs(strict));
  return sent.filter(({ to }) => to === email);
};
const tokenOf = (letter: Letter | undefined) =>
  new URL(letter?.link ?? "http://none/").searchParams.get("token") ?? "";
const confirm = (visitor: ReturnType<typeof from>, token: string, given = password) =>
  visitor.call((api) => api.confirmSignUp({ token, password: given }));
/** An answer without what differs between any two answers. */
const shape = (answer: { user: Record<string, unknown> }) => ({
  ...answer,
  user: { ...answer.user, id: String(answer.user.id).slice(0, 4), email: "", createdAt: "" },
});

const signedUp = async () => {
  const email = address();
  await from().call((api) => api.register(input(email)));
  const visitor = from();
  const { user } = await confirm(visitor, tokenOf((await lettersTo(email)).at(-1)));
  return { email, user, visitor };
};

describe("signing up", () => {
  test("answers alike for an address that has an account, which without the guard is told apart", async () => {
    const taken = address();
    await aUser(t, { email: taken });
    expect(await refusalCode(from(open).call((api) => api.register(input(taken))))).toBe("email_taken");
    const [known, unknown] = [
      await from().call((api) => api.register(input(taken))),
      await from().call((api) => api.register(input(address()))),
    ];
    expect(shape(known)).toEqual(shape(unknown));
    const [web, webUnknown] = [
      await from().call((api) => api.signUp(input(taken))),
      await from().call((api) => api.signUp(input(address()))),
    ];
    expect(shape(web)).toEqual(shape(webUnknown));
    expect(web.confirm).toBe(true);
  });

  test("does the same work for both before it answers: one letter is asked for, and no table of people is read", async () => {
    const taken = address();
    await aUser(t, { email: taken });
    const work = async (email: string) => {
      const statements: string[] = [];
      const db = t.db.withPlugin({
        transformQuery: ({ node }) => {
          statements.push(node.kind);
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const world = { ...t, db };
      await aVisitor(world, testAccounts(world, { letters, requireVerifiedEmail: true }), {
        ip: `198.51.${++made % 250}.8`,
      }).call((api) => api.register(input(email)));
      return statements;
    };
    const before = await t.db.selectFrom("identity.user").select("id").execute();
    const known = await work(taken);
    expect(known).toEqual(await work(address()));
    expect(await t.db.selectFrom("identity.user").select("id").execute()).toHaveLength(before.length);
  });

  test("the owner of a known address gets a letter instead, without a link that makes anything", async () => {
    const { email } = await signedUp();
    await from().call((api) => api.register({ ...input(email), fullName: "Somebody Else" }));
    const letter = (await lettersTo(email)).at(-1);
    expect(letter?.subject).toBe("You have an account already");
    expect(letter?.link).toEndWith("/forgot-password");
    expect(letter?.message).not.toContain("Somebody Else");
  });

  test("the link makes the account with the id that was answered, once, and signs in", async () => {
    const email = address();
    const { user } = await from().call((api) => api.register(input(email)));
    const token = tokenOf((await lettersTo(email)).at(-1));
    expect(await refusalCode(from().call((api) => api.login({ email, password })))).toBe("credentials_wrong");
    const visitor = from();
    expect(await confirm(visitor, token)).toMatchObject({
      user: { id: user.id, email, emailVerified: true },
    });
    expect((await visitor.call((api) => api.me())).user?.id).toBe(user.id);
    expect(await refusalCode(confirm(from(), token))).toBe("link_invalid");
    expect(await refusalCode(from().call((api) => api.login({ email, password })))).toBe("none");
  });

  test("a link is dead after a day", async () => {
    const email = address();
    await from().call((api) => api.register(input(email)));
    const token = tokenOf((await lettersTo(email)).at(-1));
    t.clock.advance(25 * 3_600_000);
    expect(await refusalCode(confirm(from(), token))).toBe("link_invalid");
  });

  test("whoever signs another's address up gets nothing, even if its owner opens the link", async () => {
    const email = address();
    await from().call((api) => api.register({ ...input(email), password: "the-thief-chose" }));
    const thiefs = tokenOf((await lettersTo(email)).at(-1));
    await from().call((api) => api.register(input(email)));
    const own = tokenOf((await lettersTo(email)).at(-1));
    const owner = from();
    // The owner takes the wrong one of two letters, and types the password that they chose.
    expect(await refusalCode(confirm(owner, thiefs))).toBe("password_wrong");
    expect(await refusalCode(confirm(owner, own))).toBe("none");
    expect(await refusalCode(confirm(from(), thiefs, "the-thief-chose"))).toBe("link_invalid");
    expect(await refusalCode(from().call((api) => api.login({ email, password: "the-thief-chose" })))).toBe(
      "credentials_wrong",
    );
  });

  test("the password of a link is not guessed: ten a minute", async () => {
    const email = address();
    await from().call((api) => api.register(input(email)));
    const token = tokenOf((await lettersTo(email)).at(-1));
    const visitor = from();
    const codes: string[] = [];
    for (let at = 0; at < 12; at++) codes.push(await refusalCode(confirm(visitor, token, `guess-${at}`)));
    expect(codes).toEqual([...Array(10).fill("password_wrong"), ...Array(2).fill("sign_in_limited")]);
  });

  test("letters to one address are bounded, whether it is known or not", async () => {
    const taken = address();
    await aUser(t, { email: taken });
    for (const email of [taken, address()]) {
      const codes: string[] = [];
      for (let at = 0; at < 7; at++)
        codes.push(await refusalCode(from().call((api) => api.register(input(email)))));
      expect(codes).toEqual([...Array(5).fill("none"), ...Array(2).fill("letters_limited")]);
    }
  });
});

describe("asking for a new password, or another address", () => {
  test("a reset is asked for with the same answer and the same work whether the address is known", async () => {
    const { email } = await signedUp();
    const outbox = async () => (await t.db.selectFrom("jobs.outbox").select("id").execute()).length;
    const grew = async (asked: string) => {
      const before = await outbox();
      expect(await from().call((api) => api.account.requestPasswordReset({ email: asked }))).toEqual({
        done: true,
      });
      return (await outbox()) - before;
    };
    expect(await grew(email)).toBe(await grew(address()));
  });

  test("who asks for another's address sees the same answers and the same letters as for a free one", async () => {
    const victim = await signedUp();
    const seen: string[][] = [];
    for (const wanted of [victim.email, address()]) {
      const thief = await signedUp();
      await thief.visitor.call((api) => api.account.changeEmail({ email: wanted, password }));
      const mine = await lettersTo(thief.email);
      const token = tokenOf(mine.at(-1));
      const next = await thief.visitor.call((api) => api.account.verifyEmail({ token }));
      seen.push([...(await lettersTo(thief.email)).map(({ subject }) => subject), next.next]);
    }
    expect(seen[0]).toEqual(seen[1] as string[]);
    expect(seen[0]?.at(-1)).toBe("new_address");
    const told = (await lettersTo(victim.email)).at(-1);
    expect(told).toMatchObject({ subject: "Somebody asked to use your email address", link: null });
  });
});
