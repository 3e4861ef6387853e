import { FakeGateway } from "@evx/payments/testing";
import { openVault } from "@evx/vault";
import type { PayoutsPorts, PayoutsSettings } from "./ports.ts";

export { withdraw } from "./withdrawals.ts";

const vault = await openVault("a secret of the tests, long enough", "payments");

/** Ports for tests, with a fake gateway unless others are given. */
export const testPorts = (more: Partial<PayoutsPorts> = {}): PayoutsPorts => ({
  gateways: { stripe: new FakeGateway() },
  vault,
  ...more,
});

/** Settings for tests: nobody needs to prove anything and money lies no time, unless the test says so. */
export const testSettings = (more: Partial<PayoutsSettings> = {}): PayoutsSettings => ({
  gateway: "stripe",
  paypal: false,
  homeCountry: "VN",
  holdDays: 0,
  requireKyc: false,
  requireVerifiedEmail: false,
  ...more,
});
