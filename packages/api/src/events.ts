import * as accounts from "@evx/accounts/events";
import * as auctions from "@evx/auctions/events";
import * as certificates from "@evx/certificates/events";
import * as credits from "@evx/credits/events";
import * as fleets from "@evx/fleets/events";
import * as garage from "@evx/garage/events";
import * as imports from "@evx/imports/events";
import * as invoices from "@evx/invoices/events";
import { defineEvent, type Event, eventsIn } from "@evx/jobs";
import * as kyc from "@evx/kyc/events";
import * as listings from "@evx/listings/events";
import * as orders from "@evx/orders/events";
import * as payments from "@evx/payments/events";
import * as payouts from "@evx/payouts/events";
import * as review from "@evx/review/events";
import * as submissions from "@evx/submissions/events";
import * as telematics from "@evx/telematics/events";
import * as wanted from "@evx/wanted/events";
import * as v from "valibot";

const rooms = [
  auctions,
  certificates,
  credits,
  fleets,
  garage,
  accounts,
  kyc,
  imports,
  invoices,
  listings,
  orders,
  payments,
  payouts,
  review,
  submissions,
  telematics,
  wanted,
] as const;

/** Every event that this version declares. */
export const appEvents: readonly Event[] = [
  ...new Map(rooms.flatMap((room) => eventsIn(room)).map((event) => [event.name, event])).values(),
];

/** What older versions emitted and nobody hears any more: what they left in the outbox is taken out, and nothing comes of it. */
const formerEvents: readonly Event[] = ["marketplace.bid_placed"].map((name) =>
  defineEvent(name, v.looseObject({})),
);

/** The events that the worker takes out of the outbox; others it leaves for a newer one. */
export const takenEvents: readonly Event[] = [...appEvents, ...formerEvents];
