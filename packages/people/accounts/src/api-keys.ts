import type { Id } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import type * as v from "valibot";
import type { Access } from "./access.ts";
import { audit } from "./audit.ts";
import type { Auth } from "./auth.ts";
import type { Caller } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import type { Request } from "./exchange.ts";
import { permissionsOf, scopesOf } from "./key-format.ts";
import { deleteKey, keyRows } from "./queries/keys.ts";
import type * as S from "./schema.ts";
import type { SessionHeaders } from "./session-headers.ts";

type MemberRequest = Request & Pick<Context, "db"> & { actor: Actor };

const keysPerPerson = 20;
const day = 86_400;

/** Keys for scripts: they do what their scopes say, as the person who made them, until they expire or are ended. */
export const createApiKeys = (
  { auth, within }: Auth,
  access: Access,
  identify: (headers: Headers) => Promise<Caller | null>,
  sessionHeaders: SessionHeaders,
) => ({
  /** A person's keys, newest first. The key itself is never shown again. */
  async list(ctx: MemberRequest) {
    const rows = await keyRows(ctx.db, ctx.actor.id);
    return rows.map((row) => ({
      id: row.id as Id<"apikey">,
      name: row.name ?? "",
      start: row.start ?? "",
      scopes: scopesOf(row.permissions ? JSON.parse(row.permissions) : null),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_request,
    }));
  },

  /** Makes a key, shown this once. A key cannot make keys. */
  async create(ctx: MemberRequest, wish: v.InferOutput<typeof S.CreateApiKey>) {
    await sessionHeaders(ctx, await identify(ctx.request.headers));
    return ctx.transact(async (tx) => {
      const known = await keyRows(tx, ctx.actor.id);
      if (known.length >= keysPerPerson) throw refuse("api_keys_full", { most: keysPerPerson });
      const made = await within(tx, () =>
        // A session gives no permissions of its own: better-auth wants them from the server, for a person it names.
        auth.api.createApiKey({
          body: {
            name: wish.name,
            expiresIn: wish.expiresInDays * day,
            permissions: permissionsOf(wish.scopes),
            userId: ctx.actor.id,
          },
        }),
      );
      await audit(tx, ctx.actor, "api_key.create", made.id, {
        after: { name: wish.name, scopes: wish.scopes, expiresAt: made.expiresAt },
        origin: ctx.request.ip,
      });
      return {
        key: made.key,
        apiKey: {
          id: made.id as Id<"apikey">,
          name: wish.name,
          start: made.start ?? "",
          scopes: [...wish.scopes],
          createdAt: made.createdAt,
          expiresAt: made.expiresAt,
          lastUsedAt: null,
        },
      };
    });
  },

  /** Ends a key at once, on every server. */
  async end(ctx: MemberRequest, id: Id<"apikey">): Promise<{ done: true }> {
    await ctx.transact(async (tx) => {
      if (!(await deleteKey(tx, ctx.actor.id, id))) throw refuse("api_key_not_found");
      await audit(tx, ctx.actor, "api_key.end", id, { origin: ctx.request.ip });
    });
    await access.settle();
    return { done: true };
  },
});

export type ApiKeys = ReturnType<typeof createApiKeys>;
