/** The people of a run: they sign up, sign in, and one of them runs the venue. */
import type { Parts } from "./parts.ts";
import { root } from "./parts.ts";
import type { Promises } from "./promises.ts";
import { type Call, textAt, type Wire } from "./wire.ts";

export type Person = { readonly id: string; readonly email: string; readonly token: string };

export type People = {
  readonly owners: readonly Person[];
  readonly buyers: readonly Person[];
  readonly auditors: readonly Person[];
  readonly operator: Person;
};

const password = "a-password-of-trials-1";

/** A call that must succeed, since nothing has been killed yet. */
const must = async (wire: Wire, call: Call): Promise<unknown> => {
  const answer = await wire.insist(call);
  if (answer.kind === "done") return answer.body;
  throw new Error(`${call.method} ${call.path}: ${JSON.stringify(answer)}`);
};

const join = async (wire: Wire, promises: Promises, role: string, n: number): Promise<Person> => {
  const email = `${role}-${n}@trials.example`;
  const names = ["An", "Binh", "Chi", "Dung", "Giang", "Hoa"];
  const made = await must(wire, {
    method: "POST",
    path: "/api/users/register",
    body: { email, password, fullName: `${names[n % names.length]} ${role.replace("_", " ")}`, role },
  });
  const token = await signIn(wire, email);
  const id = textAt(made, "user.id");
  promises.keep({ kind: "account", id });
  return { id, email, token };
};

const signIn = async (wire: Wire, email: string): Promise<string> =>
  textAt(await must(wire, { method: "POST", path: "/api/users/login", body: { email, password } }), "token");

/** Runs the venue's command line in this world; answers what it wrote and whether it was content. */
export const commandLine = async (
  parts: Parts,
  ...args: string[]
): Promise<{ ok: boolean; out: string; err: string }> => {
  const child = Bun.spawn([process.execPath, "apps/cli/src/index.ts", ...args], {
    cwd: root,
    env: { ...process.env, ...parts.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { ok: (await child.exited) === 0, out, err };
};

/** What an operator sets before opening: auctions that end within the run. */
const quickAuctions = {
  window_s: 1,
  stepBps: 100,
  stepMinor: 1,
  bands: [],
  shortest_s: 1,
  longest_s: 86_400,
  secondChances: 1,
  strikes: 50,
  pauseDays: 1,
};

export const gather = async (parts: Parts, wire: Wire, promises: Promises): Promise<People> => {
  const several = (role: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => join(wire, promises, role, n)));
  const owners = await several("ev_owner", 2);
  const buyers = await several("buyer", 4);
  const auditors = await several("cva", 2);
  const first = await join(wire, promises, "buyer", 9);
  const made = await commandLine(parts, "first-admin", first.email);
  if (!made.ok) throw new Error(made.err);
  const operator = { ...first, token: await signIn(wire, first.email) };
  for (const auditor of auditors)
    await must(wire, {
      method: "POST",
      path: "/trpc/identity.users.accredit",
      token: operator.token,
      body: { id: auditor.id, accredited: true },
    });
  await must(wire, {
    method: "PUT",
    path: "/api/admin/rules/marketplace.auctions",
    token: operator.token,
    body: { value: quickAuctions, reason: "Auctions of trials end within the run." },
  });
  return { owners, buyers, auditors, operator };
};
