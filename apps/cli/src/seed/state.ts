import { audit } from "@evx/audit";
import { newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import { contextAs } from "./people.ts";

const actions = { year: "demo_world.year", whole: "demo_world.laid_out" };

/** Somebody who may read the audit trail while nobody exists yet. */
const reader: Actor = {
  id: newId("user"),
  role: "admin",
  accredited: false,
  emailVerified: true,
  kycStatus: "none",
};

/**
 * How far the demo world is: nothing, cut off half-way, a town's year that is to be gone on from, or whole. The audit
 * trail says.
 */
export const seedState = async (runtime: Runtime): Promise<"none" | "half" | "year" | "whole"> => {
  const as = runtime.callAs(contextAs(runtime, reader));
  const last = async (action: string) => (await as.identity.audit.list({ action, limit: 1 })).items.at(0);
  if (await last(actions.whole)) return "whole";
  if (await last(actions.year)) return "year";
  return (await last("user.register")) ? "half" : "none";
};

export const markYear = (runtime: Runtime, by: Actor): Promise<void> =>
  contextAs(runtime, by).transact((tx) => audit(tx, by, actions.year, "venue"));

export const markLaidOut = (runtime: Runtime, by: Actor): Promise<void> =>
  contextAs(runtime, by).transact((tx) => audit(tx, by, actions.whole, "venue"));
