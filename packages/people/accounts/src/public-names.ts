import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { lockUser, type PublicRow, publicRows, updateUser } from "./queries/users.ts";
import type { ChoosePublicName, PublicNameView } from "./schema.ts";
import { displayNames } from "./users.ts";

const shownOf = ({ public_name, pseudonym }: PublicRow): string => public_name ?? pseudonym;

const viewOf = (row: PublicRow): PublicNameView => ({
  kind: row.public_kind === "name" || row.public_kind === "company" ? row.public_kind : "pseudonym",
  name: row.public_name,
  lei: row.lei,
  pseudonym: row.pseudonym,
  shown: shownOf(row),
});

/**
 * How people are named where everybody reads, by user id, in one query: a company by its name, a person by the name that
 * they chose to show, everybody else by their pseudonym. Ids that nobody has are left out.
 */
export const publicNames = async (db: Db, ids: readonly Id<"user">[]): Promise<Map<Id<"user">, string>> => {
  const rows = ids.length > 0 ? await publicRows(db, [...new Set(ids)]) : [];
  return new Map(rows.map((row) => [row.id, shownOf(row)]));
};

/**
 * Names as somebody sees them who may know some of the people: in full of these, the public name or pseudonym of everybody
 * else. Ids that nobody has are left out.
 */
export const namesBeside = async (
  db: Db,
  ids: readonly Id<"user">[],
  known: (id: Id<"user">) => boolean,
): Promise<ReadonlyMap<Id<"user">, string>> => {
  const strangers = ids.filter((id) => !known(id));
  const [full, others] = [await displayNames(db, ids.filter(known)), await publicNames(db, strangers)];
  return new Map([...others, ...full]);
};

/** How somebody is named in public, and what they may choose from. Refuses `user_not_found`. */
export const publicNameOf = async (db: Db, id: Id<"user">): Promise<PublicNameView> => {
  const [row] = await publicRows(db, [id]);
  if (!row) throw refuse("user_not_found");
  return viewOf(row);
};

/** Chooses it. What was signed before stays as it was signed. Refuses `user_not_found`. */
export const choosePublicName = async (
  tx: Tx,
  actor: Pick<Actor, "id" | "role">,
  choice: v.InferOutput<typeof ChoosePublicName>,
): Promise<PublicNameView> => {
  if (!(await lockUser(tx, actor.id))) throw refuse("user_not_found");
  const before = await publicNameOf(tx, actor.id);
  const next = {
    public_kind: choice.kind,
    public_name: choice.kind === "pseudonym" ? null : choice.name,
    lei: choice.kind === "company" ? (choice.lei ?? null) : null,
  };
  await updateUser(tx, actor.id, next);
  await audit(tx, actor, "user.public_name", actor.id, {
    before: { kind: before.kind, name: before.name, lei: before.lei },
    after: { kind: next.public_kind, name: next.public_name, lei: next.lei },
  });
  return publicNameOf(tx, actor.id);
};
