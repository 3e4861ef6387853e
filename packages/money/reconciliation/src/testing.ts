import type { Movement } from "@evx/adapters";
import { newId } from "@evx/kernel";

/** A movement as a gateway lists it: a payment of 12.34 dollars, of which it kept 0.66. */
export const aMovement = (more: Partial<Movement> & Pick<Movement, "ref" | "at">): Movement => ({
  id: newId("event"),
  kind: "payment",
  currency: "USD",
  gross: 1234n,
  fee: 66n,
  ...more,
});
