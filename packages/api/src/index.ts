import type { Identity } from "@evx/identity";
import { identityRouter } from "@evx/identity/router";
import type { NotificationsPorts } from "@evx/notifications";
import { notificationsRouter } from "@evx/notifications/router";
import type { PaymentsPorts } from "@evx/payments";
import { paymentsRouter } from "@evx/payments/router";
import { createCallerFactory, router } from "@evx/rpc";

/** What the rooms need from outside; the composition root gives it. */
export type Ports = {
  readonly identity: Identity;
  readonly notifications: NotificationsPorts;
  readonly payments: PaymentsPorts;
};

/** The whole API: one line for each room. */
export const createAppRouter = ({ identity, payments }: Ports) =>
  router({
    identity: identityRouter({ identity }),
    notifications: notificationsRouter,
    payments: paymentsRouter(payments),
  });

export type AppRouter = ReturnType<typeof createAppRouter>;

/** Calls procedures without HTTP, as the person that the context names. */
export const createCaller = (appRouter: AppRouter) => createCallerFactory(appRouter);

export type Caller = ReturnType<ReturnType<typeof createCaller>>;
