import type { CertificatePorts as VerificationPorts } from "@evx/certificates";
import { creditsRouter } from "@evx/credits/router";
import { invoicesRouter } from "@evx/invoices/router";
import type { TradeSettings } from "@evx/listings";
import type { MonthsSettings, NotificationsPorts } from "@evx/notifications";
import { notificationsRouter } from "@evx/notifications/router";
import type { PaymentsPorts } from "@evx/payments";
import { paymentsRouter } from "@evx/payments/router";
import type { PayoutsPorts, PayoutsSettings } from "@evx/payouts";
import { payoutsRouter } from "@evx/payouts/router";
import { pricingRouter } from "@evx/pricing/router";
import { reconciliationRouter } from "@evx/reconciliation/router";
import { reportsRouter } from "@evx/reports/router";
import { createCallerFactory, mergeRouters, router } from "@evx/rpc";
import { fleetRequestsRouter } from "@evx/submissions/router";
import type { TelematicsPorts as VehiclePorts } from "@evx/telematics";
import { venueRouter } from "@evx/venue/router";
import { bestBid } from "@evx/wanted";
import { findRouter } from "./find.ts";
import { type Identity, identityRouter } from "./identity.ts";
import { jobsRouter } from "./jobs-router.ts";
import { liveRouter } from "./live-router.ts";
import { marketplaceRouter } from "./marketplace.ts";
import { rulesRouter } from "./rules-router.ts";
import { connectionsRouter, drivingRouter, fleetRouter, importsRouter, vehiclesRouter } from "./vehicles.ts";
import { venuePorts } from "./venue.ts";
import { verificationRouter } from "./verification.ts";

export { createIdentity, type Identity } from "./identity.ts";

/** What the rooms need from outside; the composition root gives it. */
export type Ports = {
  readonly identity: Identity;
  readonly vehicles: VehiclePorts;
  readonly verification: VerificationPorts;
  readonly payments: PaymentsPorts;
  readonly payouts: PayoutsPorts;
  readonly payoutsSettings: PayoutsSettings;
  readonly marketplace: TradeSettings;
  readonly notifications: NotificationsPorts;
  readonly notificationsSettings: MonthsSettings;
};

/** The rooms, one line for each. */
const createRooms = (ports: Ports) =>
  router({
    identity: identityRouter(ports.identity),
    vehicles: vehiclesRouter,
    imports: importsRouter,
    fleet: mergeRouters(fleetRouter, fleetRequestsRouter),
    driving: drivingRouter,
    connections: connectionsRouter(ports.vehicles),
    credits: creditsRouter,
    verification: verificationRouter(ports.verification),
    payments: mergeRouters(
      paymentsRouter(ports.payments),
      payoutsRouter(ports.payouts, ports.payoutsSettings),
    ),
    invoices: invoicesRouter,
    reconciliation: reconciliationRouter,
    marketplace: marketplaceRouter(ports.marketplace),
    pricing: pricingRouter({ bestBid }),
    notifications: notificationsRouter(ports.notifications),
    reports: reportsRouter,
    jobs: jobsRouter,
    rules: rulesRouter,
    venue: venueRouter(venuePorts),
  });

export type Rooms = ReturnType<typeof createRooms>;

/** The whole API: the rooms, and their streams over one connection. */
export const createAppRouter = (ports: Ports) => {
  const rooms = createRooms(ports);
  return mergeRouters(rooms, router({ live: liveRouter(rooms), find: findRouter(rooms) }));
};

export type AppRouter = ReturnType<typeof createAppRouter>;

/** Calls procedures without HTTP, as the person that the context names. */
export const createCaller = (appRouter: AppRouter) => createCallerFactory(appRouter);

export type Caller = ReturnType<ReturnType<typeof createCaller>>;
