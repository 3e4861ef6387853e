import type { RouteDefinition } from "@solidjs/router";
import { accountRoutes } from "./pages/account/routes.ts";
import { factorRoutes } from "./pages/admin/factors/routes.ts";
import { findRoutes } from "./pages/admin/find/routes.ts";
import { jobRoutes } from "./pages/admin/jobs/routes.ts";
import { ruleRoutes } from "./pages/admin/rules/routes.ts";
import { userRoutes } from "./pages/admin/users/routes.ts";
import { venueRoutes } from "./pages/admin/venue/routes.ts";
import { bookRoutes } from "./pages/book/routes.ts";
import { certificateRoutes } from "./pages/certificates/routes.ts";
import { creditRoutes } from "./pages/credits/routes.ts";
import { disputeRoutes } from "./pages/disputes/routes.ts";
import { entryRoutes } from "./pages/entry/routes.ts";
import { fleetRoutes } from "./pages/fleet/routes.ts";
import { galleryRoutes } from "./pages/gallery/routes.ts";
import { guideRoutes } from "./pages/guide/routes.ts";
import { homeRoutes } from "./pages/home/routes.ts";
import { inboxRoutes } from "./pages/inbox/routes.ts";
import { kycRoutes } from "./pages/kyc/routes.ts";
import { landingRoutes } from "./pages/landing/routes.ts";
import { legalRoutes } from "./pages/legal/routes.ts";
import { marketplaceRoutes } from "./pages/marketplace/routes.ts";
import { methodRoutes } from "./pages/methods/routes.ts";
import { orderRoutes } from "./pages/orders/routes.ts";
import { paymentRoutes } from "./pages/payments/routes.ts";
import { reportRoutes } from "./pages/reports/routes.ts";
import { requestRoutes } from "./pages/requests/routes.ts";
import { reviewRoutes } from "./pages/review/routes.ts";
import { sellingRoutes } from "./pages/selling/routes.ts";
import { trendRoutes } from "./pages/trends/routes.ts";
import { vehicleRoutes } from "./pages/vehicles/routes.ts";
import { wantedRoutes } from "./pages/wanted/routes.ts";
import { watchingRoutes } from "./pages/watching/routes.ts";

/** All pages, one line for each area. The pages themselves are chunks of their own. */
export const routes: RouteDefinition[] = [
  ...landingRoutes,
  ...legalRoutes,
  ...entryRoutes,
  ...guideRoutes,
  ...homeRoutes,
  ...inboxRoutes,
  ...reportRoutes,
  ...paymentRoutes,
  ...creditRoutes,
  ...certificateRoutes,
  ...requestRoutes,
  ...reviewRoutes,
  ...marketplaceRoutes,
  ...bookRoutes,
  ...disputeRoutes,
  ...wantedRoutes,
  ...watchingRoutes,
  ...orderRoutes,
  ...sellingRoutes,
  ...trendRoutes,
  ...methodRoutes,
  ...vehicleRoutes,
  ...fleetRoutes,
  ...accountRoutes,
  ...userRoutes,
  ...factorRoutes,
  ...jobRoutes,
  ...ruleRoutes,
  ...findRoutes,
  ...venueRoutes,
  ...kycRoutes,
  ...galleryRoutes,
];
