import { type Accounts, displayNames } from "@evx/accounts";
import { contextFor, testAccounts } from "@evx/accounts/testing";
import { auditRouter } from "@evx/audit/router";
import { type Actor, createCallerFactory, router } from "@evx/rpc";
import type { KycPorts } from "./ports.ts";
import { kycRouter } from "./router.ts";

type World = Parameters<typeof testAccounts>[0];

/** Proof of identity for tests, over accounts of its own. */
export const testKyc = (
  world: World,
  settings: Parameters<typeof testAccounts>[1] = {},
): KycPorts & { accounts: Accounts } => {
  const accounts = testAccounts(world, settings);
  return { accounts, vault: accounts.vault };
};

/** The room's procedures as a person, without signing in. */
export const asPerson = (world: World, kyc: KycPorts, actor: Actor | null) =>
  createCallerFactory(
    router({ identity: router({ kyc: kycRouter(kyc), audit: auditRouter({ displayNames, heads: null }) }) }),
  )(
    contextFor(world, {
      actor,
      headers: new Headers(),
      ip: "203.0.113.6",
      locale: "en",
      answer: new Headers(),
    }),
  ).identity;
