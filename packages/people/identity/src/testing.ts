import { testAccounts } from "@evx/accounts/testing";
import { type Identity, identityOf } from "./identity.ts";

export { actorOf, aUser } from "@evx/accounts/testing";

export const testIdentity = (world: Parameters<typeof testAccounts>[0]): Identity =>
  identityOf(testAccounts(world));
