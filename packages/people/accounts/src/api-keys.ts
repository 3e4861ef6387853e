import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { catchUpEverywhere } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { refuse } from "./errors.ts";
import { type MemberContext, ourId } from "./exchange.ts";
import { permissionsOf, scopesOf } from "./key-format.ts";
import { addressee, writeLetter } from "./letters.ts";
import { freshProof } from "./proofs.ts";
import { deleteKey, keyRows } from "./queries/keys.ts";
import { userRow } from "./queries/users.ts";
import type * as S from "./schema.ts";
import { sessionHeaders } from "./session-headers.ts";

const keysPerPerson = 20;
const day_s = 86_400;

/** A key for a script, as its owner sees it. */
export type ApiKeyView = v.InferInput<typeof S.ApiKey>;

/** A person's keys, newest first. The key itself is never shown again. */
export const apiKeysOf = async (db: Db, userId: Id<"user">): Promise<ApiKeyView[]> => {
  const rows = await keyRows(db, userId);
  return rows.map((row) => ({
    id: row.id,
    name: row.name ?? "",
    start: row.start ?? "",
    scopes: scopesOf(row.permissions ? JSON.parse(row.permissions) : null),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_request,
  }));
};

/**
 * Makes a key, shown this once: it does what its scopes say, as the person who made it, until it expires or is ended.
 * It lasts longer than a session, so it takes a password given within ten minutes (`proof_required`), and a letter tells of
 * it. A key cannot make keys (`session_required`); 20 a person at most (`api_keys_full`).
 */
export const createApiKey = async (
  ctx: MemberContext,
  accounts: Accounts,
  { name, scopes, expiresInDays, password }: v.InferOutput<typeof S.CreateApiKey>,
): Promise<{ key: string; apiKey: ApiKeyView }> => {
  const { auth } = accounts;
  await sessionHeaders(ctx, accounts);
  await freshProof(ctx, accounts, password);
  // A session gives no permissions of its own: better-auth wants them from the server, for a person it names.
  const body = {
    name,
    expiresIn: expiresInDays * day_s,
    permissions: permissionsOf(scopes),
    userId: ctx.actor.id,
  };
  return ctx.transact(async (tx) => {
    const known = await keyRows(tx, ctx.actor.id);
    if (known.length >= keysPerPerson) throw refuse("api_keys_full", { most: keysPerPerson });
    const made = await auth.within(tx, () => auth.api.createApiKey({ body }));
    const { id, key, start, createdAt, expiresAt } = made;
    const row = await userRow(tx, ctx.actor.id);
    if (row) await writeLetter(tx, accounts, { ...addressee(row), kind: "api_key_made", link: null });
    await audit(tx, ctx.actor, "api_key.create", id, { after: { name, scopes, expiresAt } });
    return {
      key,
      apiKey: {
        id: ourId("apikey", id),
        name,
        start: start ?? "",
        scopes: [...scopes],
        createdAt,
        expiresAt,
        lastUsedAt: null,
      },
    };
  });
};

/** Ends a person's key as an operator; a letter tells them. Refuses `api_key_not_found`. */
export const endKeyOf = async (
  tx: Tx,
  accounts: Accounts,
  operator: Actor<"admin">,
  { userId, id }: v.InferOutput<typeof S.KeyOfUser>,
): Promise<{ done: true }> => {
  if (!(await deleteKey(tx, userId, id))) throw refuse("api_key_not_found");
  const row = await userRow(tx, userId);
  if (row) await writeLetter(tx, accounts, { ...addressee(row), kind: "api_key_ended", link: null });
  await audit(tx, operator, "api_key.end", id, { before: { userId } });
  return { done: true };
};

/** Ends a key at once, on every server. Refuses `api_key_not_found`. */
export const endApiKey = async (
  ctx: MemberContext,
  { access }: Accounts,
  id: Id<"apikey">,
): Promise<{ done: true }> => {
  await ctx.transact(async (tx) => {
    if (!(await deleteKey(tx, ctx.actor.id, id))) throw refuse("api_key_not_found");
    await audit(tx, ctx.actor, "api_key.end", id);
  });
  await catchUpEverywhere(access);
  return { done: true };
};
