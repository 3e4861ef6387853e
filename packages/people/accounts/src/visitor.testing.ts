import { auditRouter } from "@evx/audit/router";
import type { Db, Tx } from "@evx/db";
import { silentLog } from "@evx/jobs/testing";
import { type Clock, type Id, type IdKind, type Locale, newId } from "@evx/kernel";
import { type Actor, type Context, createCallerFactory, createLive, mergeRouters, router } from "@evx/rpc";
import { openVault } from "@evx/vault";
import { type Accounts, openAccounts } from "./accounts.ts";
import { authenticate } from "./authenticate.ts";
import type { AccountsPorts, AccountsSettings } from "./ports.ts";
import { accountsRouter } from "./router.ts";
import { displayNames } from "./users.ts";

type Transact = <T>(
  work: (tx: Tx) => Promise<T>,
  options?: { cause?: string; origin?: string },
) => Promise<T>;

type World = { db: Db; clock: Clock; transact: Transact };

/** Accounts for tests: cheap hashes, nothing to wait for. Its secret is for tests alone. */
export const testAccounts = (
  world: World,
  {
    letters,
    vault,
    machineAhead_ms,
    ...settings
  }: Partial<Pick<AccountsPorts, "letters" | "vault" | "machineAhead_ms"> & AccountsSettings> = {},
): Accounts =>
  openAccounts(
    {
      db: world.db,
      clock: world.clock,
      log: silentLog,
      machineAhead_ms,
      letters: letters ?? { send: async () => {} },
      vault: vault ?? openVault("test-only-data-key-5b1e7c40", "identity"),
    },
    {
      secret: "test-only-3f9c1a77e2b84d0c9a51-7b",
      baseUrl: "http://localhost:4500",
      bcryptCost: 4,
      staleAfterMs: 20,
      ...settings,
    },
  );

/** What one request is given: whoever `actor` names, over headers and an address as the server would know them. */
export const contextFor = (
  world: World,
  given: { actor: Actor | null; headers: Headers; ip: string; locale: Locale; answer: Headers },
): Context => ({
  db: world.db,
  clock: world.clock,
  log: silentLog,
  live: createLive({ db: world.db, log: silentLog }),
  currency: "USD",
  actor: given.actor,
  locale: given.locale,
  requestId: "req-test",
  request: { headers: given.headers, ip: given.ip },
  answer: { headers: given.answer },
  closed: async () => null,
  transact: (run) => world.transact(run, { cause: "req-test", origin: given.ip }),
  nameFor: async <K extends IdKind>(kind: K): Promise<Id<K>> => newId(kind),
});

/** Under its own name, as the whole API mounts it: scopes of API keys are read from the path. */
const callerOf = (accounts: Accounts) => {
  const trail = router({ audit: auditRouter({ displayNames, heads: null }) });
  return createCallerFactory(router({ identity: mergeRouters(accountsRouter(accounts), trail) }));
};

/** The room's procedures as a person, without signing in: for what does not depend on a session. */
export const aContext = (world: World, accounts: Accounts, actor: Actor | null, ip = "203.0.113.6") =>
  callerOf(accounts)(
    contextFor(world, { actor, headers: new Headers(), ip, locale: "en", answer: new Headers() }),
  ).identity;

/**
 * A browser or a script in a test: calls procedures in this process as HTTP would, keeps the cookies it is given,
 * and is whoever its cookie or `authorization` says.
 */
export const aVisitor = (
  world: World,
  accounts: Accounts,
  {
    ip = "203.0.113.7",
    headers = {},
    locale = "en" as Locale,
  }: { ip?: string; headers?: Record<string, string>; locale?: Locale } = {},
) => {
  const cookies = new Map<string, string>();
  const create = callerOf(accounts);

  const headersNow = (): Headers => {
    const all = new Headers(headers);
    if (cookies.size > 0)
      all.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    return all;
  };

  const keep = (answer: Headers) => {
    for (const cookie of answer.getSetCookie()) {
      const [pair = "", ...rest] = cookie.split("; ");
      const at = pair.indexOf("=");
      if (rest.includes("Max-Age=0")) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  };

  return {
    cookies,
    headers: headersNow,
    /** One call as one request: authenticated anew, its cookies kept. Answers what the procedure answers. */
    async call<T>(work: (api: ReturnType<typeof create>["identity"]) => Promise<T>): Promise<T> {
      const sent = headersNow();
      const answer = { headers: new Headers() };
      const actor = await authenticate(accounts, sent);
      const context = contextFor(world, { actor, headers: sent, ip, locale, answer: answer.headers });
      try {
        return await work(create(context).identity);
      } finally {
        keep(answer.headers);
      }
    },
  };
};

export type Visitor = ReturnType<typeof aVisitor>;
