import type { Translation } from "./translation.ts";

/** An area's words in both languages, each its own chunk. The type refuses a missing Vietnamese text. */
const area = <En extends Readonly<Record<string, string>>>(
  en: () => Promise<{ default: En }>,
  vi: () => Promise<{ default: Translation<En> }>,
) => ({ en, vi });

/** One line for each area of the app. */
export const areas = {
  frame: area(
    () => import("./en/frame.ts"),
    () => import("./vi/frame.ts"),
  ),
  aside: area(
    () => import("./en/aside.ts"),
    () => import("./vi/aside.ts"),
  ),
  flat: area(
    () => import("./en/flat.ts"),
    () => import("./vi/flat.ts"),
  ),
  footer: area(
    () => import("./en/footer.ts"),
    () => import("./vi/footer.ts"),
  ),
  entry: area(
    () => import("./en/entry.ts"),
    () => import("./vi/entry.ts"),
  ),
  recover: area(
    () => import("./en/recover.ts"),
    () => import("./vi/recover.ts"),
  ),
  landing: area(
    () => import("./en/landing.ts"),
    () => import("./vi/landing.ts"),
  ),
  estimate: area(
    () => import("./en/estimate.ts"),
    () => import("./vi/estimate.ts"),
  ),
  legal: area(
    () => import("./en/legal.ts"),
    () => import("./vi/legal.ts"),
  ),
  home: area(
    () => import("./en/home.ts"),
    () => import("./vi/home.ts"),
  ),
  guide: area(
    () => import("./en/guide.ts"),
    () => import("./vi/guide.ts"),
  ),
  reports: area(
    () => import("./en/reports.ts"),
    () => import("./vi/reports.ts"),
  ),
  money: area(
    () => import("./en/money.ts"),
    () => import("./vi/money.ts"),
  ),
  inbox: area(
    () => import("./en/inbox.ts"),
    () => import("./vi/inbox.ts"),
  ),
  payments: area(
    () => import("./en/payments.ts"),
    () => import("./vi/payments.ts"),
  ),
  credits: area(
    () => import("./en/credits.ts"),
    () => import("./vi/credits.ts"),
  ),
  holding: area(
    () => import("./en/holding.ts"),
    () => import("./vi/holding.ts"),
  ),
  transfer: area(
    () => import("./en/transfer.ts"),
    () => import("./vi/transfer.ts"),
  ),
  review: area(
    () => import("./en/review.ts"),
    () => import("./vi/review.ts"),
  ),
  paper: area(
    () => import("./en/paper.ts"),
    () => import("./vi/paper.ts"),
  ),
  keys: area(
    () => import("./en/keys.ts"),
    () => import("./vi/keys.ts"),
  ),
  certificates: area(
    () => import("./en/certificates.ts"),
    () => import("./vi/certificates.ts"),
  ),
  checkFile: area(
    () => import("./en/check-file.ts"),
    () => import("./vi/check-file.ts"),
  ),
  scan: area(
    () => import("./en/scan.ts"),
    () => import("./vi/scan.ts"),
  ),
  marketplace: area(
    () => import("./en/marketplace.ts"),
    () => import("./vi/marketplace.ts"),
  ),
  buying: area(
    () => import("./en/buying.ts"),
    () => import("./vi/buying.ts"),
  ),
  book: area(
    () => import("./en/book.ts"),
    () => import("./vi/book.ts"),
  ),
  watching: area(
    () => import("./en/watching.ts"),
    () => import("./vi/watching.ts"),
  ),
  wanted: area(
    () => import("./en/wanted.ts"),
    () => import("./vi/wanted.ts"),
  ),
  disputes: area(
    () => import("./en/disputes.ts"),
    () => import("./vi/disputes.ts"),
  ),
  rules: area(
    () => import("./en/rules.ts"),
    () => import("./vi/rules.ts"),
  ),
  selling: area(
    () => import("./en/selling.ts"),
    () => import("./vi/selling.ts"),
  ),
  orders: area(
    () => import("./en/orders.ts"),
    () => import("./vi/orders.ts"),
  ),
  factors: area(
    () => import("./en/factors.ts"),
    () => import("./vi/factors.ts"),
  ),
  methods: area(
    () => import("./en/methods.ts"),
    () => import("./vi/methods.ts"),
  ),
  vehicles: area(
    () => import("./en/vehicles.ts"),
    () => import("./vi/vehicles.ts"),
  ),
  fleet: area(
    () => import("./en/fleet.ts"),
    () => import("./vi/fleet.ts"),
  ),
  fair: area(
    () => import("./en/fair.ts"),
    () => import("./vi/fair.ts"),
  ),
  listing: area(
    () => import("./en/listing.ts"),
    () => import("./vi/listing.ts"),
  ),
  identity: area(
    () => import("./en/identity.ts"),
    () => import("./vi/identity.ts"),
  ),
  people: area(
    () => import("./en/people.ts"),
    () => import("./vi/people.ts"),
  ),
  queues: area(
    () => import("./en/queues.ts"),
    () => import("./vi/queues.ts"),
  ),
  jobs: area(
    () => import("./en/jobs.ts"),
    () => import("./vi/jobs.ts"),
  ),
  audit: area(
    () => import("./en/audit.ts"),
    () => import("./vi/audit.ts"),
  ),
  changes: area(
    () => import("./en/changes.ts"),
    () => import("./vi/changes.ts"),
  ),
  palette: area(
    () => import("./en/palette.ts"),
    () => import("./vi/palette.ts"),
  ),
  trends: area(
    () => import("./en/trends.ts"),
    () => import("./vi/trends.ts"),
  ),
  venue: area(
    () => import("./en/venue.ts"),
    () => import("./vi/venue.ts"),
  ),
  find: area(
    () => import("./en/find.ts"),
    () => import("./vi/find.ts"),
  ),
};

export type AreaName = keyof typeof areas;
