import { type Life, trips, type Who } from "./world.ts";

type Input = Record<string, unknown>;

/**
 * How a call names the object that its row speaks of, in a life: the input for it. `who` is the one who asks, for objects
 * that everybody has (an account, a notification). Calls with no line here speak of no object and are tried without input:
 * who may not call is refused before the input is looked at.
 */
const vehicle =
  (more: Input = {}) =>
  (life: Life) => ({ id: life.ids.vehicle, ...more });
const request =
  (more: Input = {}) =>
  (life: Life) => ({ id: life.ids.request, ...more });
const order =
  (more: Input = {}) =>
  (life: Life) => ({ orderId: life.ids.order, ...more });
const account =
  (field: "id" | "userId", more: Input = {}) =>
  (life: Life, who: Who) => ({
    [field]: (life.actors[who] ?? life.actors.owner).id,
    ...more,
  });
const imported = (life: Life) => ({ id: life.ids.import });
const withdrawal =
  (more: Input = {}) =>
  (life: Life) => ({ withdrawalId: life.ids.withdrawal, ...more });
const bid = (life: Life) => ({ id: life.ids.listing });

/** Calls that do their work in several transactions, of which the later ones must see what the earlier ones wrote. */
export const lasting: ReadonlySet<string> = new Set([
  "vehicles.importTrips",
  "fleet.importTrips",
  "fleet.request",
  "marketplace.wanted.fill",
  "marketplace.disputes.say",
  "marketplace.disputes.resolve",
]);

/** Whole inputs of calls that speak of no object but look at the caller's session only when their input is whole. */
export const inputs: Readonly<Record<string, Input>> = {
  "identity.account.changePassword": { currentPassword: "a-good-password", newPassword: "a-new-password" },
  "identity.account.changeEmail": { email: "another@evx.test", password: "a-good-password" },
  "identity.twoFactor.begin": { password: "a-good-password" },
  "identity.twoFactor.confirm": { code: "123456" },
  "identity.twoFactor.recoveryCodes": { password: "a-good-password" },
  "identity.apiKeys.create": { name: "Script", scopes: ["vehicles:read"] },
};

export const objects: Record<string, (life: Life, who: Who) => Input> = {
  "identity.user": account("id"),
  "identity.kyc.document": (life) => ({ id: life.ids.document }),
  "identity.kyc.read": (life) => ({ id: life.ids.kycFile }),
  "identity.kyc.decide": (life) => ({ id: life.ids.kycFile, decision: "verified" }),
  "vehicles.byId": vehicle(),
  "vehicles.change": vehicle({ make: "VinFast", model: "VF 9" }),
  "vehicles.handOver": vehicle({ at: "2026-02-28T00:00:00Z" }),
  "vehicles.readOdometer": vehicle({ readAt: "2026-02-28T00:00:00Z", odometerKm: 20_000 }),
  "vehicles.odometer": vehicle(),
  "vehicles.trips": vehicle(),
  "vehicles.trip": (life) => ({ id: life.ids.vehicle, tripId: life.ids.trip }),
  "vehicles.importTrips": (life) => ({ id: life.ids.vehicle, content: trips(), contentType: "text/csv" }),
  "vehicles.preview": (life) => ({ id: life.ids.vehicle, content: trips(), contentType: "text/csv" }),
  "vehicles.rememberChoices": vehicle({ header: ["start_time", "end_time", "distance_km"] }),
  "vehicles.imports": vehicle(),
  "vehicles.co2Savings": vehicle({ period: "month" }),
  "vehicles.co2SavingsCsv": vehicle({ period: "month" }),
  "vehicles.tripsCsv": vehicle(),
  "vehicles.pushTokens": vehicle(),
  "vehicles.createPushToken": vehicle({ label: "Box" }),
  "vehicles.revokePushToken": (life) => ({ id: life.ids.vehicle, tokenId: life.ids.pushToken }),
  "fleet.drivers": vehicle(),
  "fleet.inviteDriver": vehicle({ email: "driver@evx.test" }),
  "fleet.import": (life) => ({ id: life.ids.fleetImport }),
  "fleet.submission": (life) => ({ id: life.ids.submission }),
  "verification.requests.submission": (life) => ({ id: life.ids.submission }),
  "verification.review.seenOdometer": request({
    readAt: "2026-02-01T00:00:00Z",
    odometerKm: 9_000,
    seen: "a photo",
  }),
  "driving.trips": (life) => ({ driverId: life.ids.driver }),
  "driving.join": (life) => ({ driverId: life.ids.driver }),
  "driving.end": (life) => ({ driverId: life.ids.driver }),
  "connections.byVehicle": vehicle(),
  "connections.start": vehicle(),
  "connections.end": vehicle(),
  "imports.byId": imported,
  "imports.rejections": imported,
  "imports.report": imported,
  "imports.cancel": imported,
  "imports.undo": imported,
  "credits.wallet": account("userId"),
  "credits.history": account("userId"),
  "credits.historyFile": account("userId"),
  "credits.lots": account("userId"),
  "credits.provenance": account("userId"),
  "credits.retirements": account("userId"),
  "credits.receiver": account("userId"),
  "verification.requests.generate": vehicle(),
  "verification.requests.submit": (life) => ({ vehicleId: life.ids.vehicle }),
  "verification.requests.byId": request(),
  "verification.requests.trips": request(),
  "verification.requests.answer": request({ answer: "Here it is" }),
  "verification.requests.resubmit": request({ explanation: "Corrected" }),
  "verification.requests.proof": (life) => ({ id: life.ids.issued, tripId: life.ids.issuedTrip }),
  "verification.review.byId": request(),
  "verification.review.trips": request(),
  "verification.review.claim": request(),
  "verification.review.report": request(),
  "verification.review.recompute": request(),
  "verification.certificates.list": account("userId"),
  "verification.certificates.public": (life) => ({ number: life.ids.number }),
  "verification.certificates.pdf": (life) => ({ number: life.ids.number }),
  "verification.certificates.card": (life) => ({ number: life.ids.number }),
  "payments.checkout": order({ method: "stripe" }),
  "payments.ofOrder": order(),
  "payments.methods": order(),
  "payments.timeline": order(),
  "payments.check": order(),
  "payments.watch": order(),
  "payments.balance": account("userId"),
  "payments.withdrawal": withdrawal(),
  "payments.approve": withdrawal(),
  "payments.reject": withdrawal({ reason: "Account closed" }),
  "payments.resolve": withdrawal({ decision: "give_back" }),
  "payments.refund": (life) => ({ paymentId: life.ids.payment, reason: "A mistake" }),
  "payments.byId": (life) => ({ paymentId: life.ids.payment }),
  "payments.answerDispute": (life) => ({ paymentId: life.ids.payment, evidence: "It was delivered" }),
  "payments.retryWebhook": () => ({ gateway: "stripe", eventId: "evt_none" }),
  "payments.writeOff": account("userId", { reason: "Small" }),
  "payments.release": (life) => ({ paymentId: life.ids.payment }),
  "payments.clearFlag": (life) => ({ paymentId: life.ids.payment }),
  "marketplace.listings.byId": bid,
  "marketplace.listings.cancel": bid,
  "marketplace.listings.changePrice": (life) => ({ id: life.ids.listing, pricePerCredit: "12.00" }),
  "marketplace.listings.watch": (life) => ({ listingId: life.ids.listing }),
  "marketplace.orders.byId": (life) => ({ id: life.ids.order }),
  "marketplace.orders.cancel": (life) => ({ id: life.ids.order }),
  "marketplace.orders.of": account("userId"),
  "marketplace.disputes.open": (life) => ({ id: life.ids.order, reason: "Not what I saw" }),
  "marketplace.disputes.say": (life) => ({ id: life.ids.dispute, message: "Look again" }),
  "marketplace.disputes.byId": (life) => ({ id: life.ids.dispute }),
  "marketplace.disputes.resolve": (life) => ({ id: life.ids.dispute, outcome: "release" }),
  "marketplace.wanted.cancel": (life) => ({ id: life.ids.wanted }),
  "marketplace.wanted.fill": (life) => ({ id: life.ids.wanted, creditsAmount: "1" }),
  "marketplace.bids.on": (life) => ({ listingId: life.ids.listing }),
  "marketplace.bids.latest": bid,
  "marketplace.bids.log": bid,
  "marketplace.bids.prove": bid,
  "invoices.byNumber": () => ({ number: "EVX-2026-999999" }),
  "invoices.statement": account("userId", { month: "2026-03" }),
  "jobs.trace": () => ({ requestId: "none" }),
  "jobs.retry": () => ({ id: "00000000-0000-4000-8000-000000000000" }),
  "notifications.list": account("userId"),
  "notifications.read": (life, who) => ({ id: life.notices.get(who) ?? life.notices.get("owner") }),
  "reports.personal": account("userId"),
  "reports.savings": account("userId"),
  "reports.revenue": account("userId"),
};
