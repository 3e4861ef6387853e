import { audit } from "@evx/audit";
import { newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import { contextAs } from "./people.ts";

const action = "demo_world.laid_out";

/** Somebody who may read the audit trail while nobody exists yet. */
const reader: Actor = {
  id: newId("user"),
  role: "admin",
  accredited: false,
  emailVerified: true,
  kycStatus: "none",
};

/** How far the demo world is: nothing, cut off half-way, or whole. The audit trail says. */
export const seedState = async (runtime: Runtime): Promise<"none" | "half" | "whole"> => {
  const as = runtime.callAs(contextAs(runtime, reader));
  if ((await as.identity.audit.list({ action, limit: 1 })).items.length > 0) return "whole";
  return (await as.identity.audit.list({ action: "user.register", limit: 1 })).items.length > 0
    ? "half"
    : "none";
};

export const markLaidOut = (runtime: Runtime, by: Actor): Promise<void> =>
  contextAs(runtime, by).transact((tx) => audit(tx, by, action, "venue"));
