import * as accounts from "@evx/accounts/events";
import * as auctions from "@evx/auctions/events";
import * as certificates from "@evx/certificates/events";
import * as credits from "@evx/credits/events";
import * as fleets from "@evx/fleets/events";
import * as garage from "@evx/garage/events";
import * as imports from "@evx/imports/events";
import { type Event, eventsIn } from "@evx/jobs";
import * as kyc from "@evx/kyc/events";
import * as listings from "@evx/listings/events";
import * as orders from "@evx/orders/events";
import * as payments from "@evx/payments/events";
import * as payouts from "@evx/payouts/events";
import * as review from "@evx/review/events";

const rooms = [
  auctions,
  certificates,
  credits,
  fleets,
  garage,
  accounts,
  kyc,
  imports,
  listings,
  orders,
  payments,
  payouts,
  review,
] as const;

/** Every event that this version declares. The worker takes these out of the outbox and leaves others for a newer one. */
export const appEvents: readonly Event[] = [
  ...new Map(rooms.flatMap((room) => eventsIn(room)).map((event) => [event.name, event])).values(),
];
