import * as credits from "@evx/credits/events";
import * as identity from "@evx/identity/events";
import { type Event, eventsIn } from "@evx/jobs";
import * as marketplace from "@evx/marketplace/events";
import * as payments from "@evx/payments/events";
import * as payouts from "@evx/payouts/events";
import * as vehicles from "@evx/vehicles/events";
import * as verification from "@evx/verification/events";

/** Every event that this version declares. The worker takes these out of the outbox and leaves others for a newer one. */
export const appEvents: readonly Event[] = [
  ...new Map(
    eventsIn(credits, identity, marketplace, payments, payouts, vehicles, verification).map((event) => [
      event.name,
      event,
    ]),
  ).values(),
];
