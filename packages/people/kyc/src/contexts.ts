import type { Actor, Context } from "@evx/rpc";

/** A request of somebody who is signed in: what of it these verbs need. */
export type MemberContext = Pick<Context, "db" | "transact" | "clock"> & { actor: Actor };
