import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { localeName, roleName } from "./schema.ts";

/** Somebody has a new account, by themselves or made by an operator. */
export const userRegistered = defineEvent(
  "identity.user_registered",
  v.object({
    userId: idOf("user"),
    role: roleName,
    locale: localeName,
    by: v.nullable(idOf("user")),
  }),
);

export const userSuspended = defineEvent(
  "identity.user_suspended",
  v.object({ userId: idOf("user"), reason: v.string() }),
);

export const userReinstated = defineEvent("identity.user_reinstated", v.object({ userId: idOf("user") }));

export const userRoleChanged = defineEvent(
  "identity.user_role_changed",
  v.object({ userId: idOf("user"), from: roleName, to: roleName }),
);

export const cvaAccredited = defineEvent(
  "identity.cva_accredited",
  v.object({ userId: idOf("user"), accredited: v.boolean() }),
);
