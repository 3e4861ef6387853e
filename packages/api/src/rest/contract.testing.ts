/** The REST contract as a table: what each call takes and answers. Names and shapes here do not change. */
export type Call = {
  readonly method: string;
  readonly path: string;
  /** Of success; 200 unless said. */
  readonly status?: number;
  readonly takes?: readonly string[];
  /** What may be left out. */
  readonly optional?: readonly string[];
  /** `items[].id` for the id of each row of a list. */
  readonly answers?: readonly string[];
};

const words = (text: string | undefined): string[] => text?.split(" ").filter(Boolean) ?? [];

type Said = { status?: number; takes?: string; optional?: string; answers?: string };

const call = (at: string, { status, takes, optional, answers }: Said = {}): Call => {
  const [method = "", path = ""] = at.split(" ");
  return {
    method,
    path: `/api${path}`,
    ...(status ? { status } : {}),
    takes: words(takes),
    optional: words(optional),
    answers: words(answers),
  };
};

const under = (name: string, fields: string): string =>
  words(fields)
    .map((field) => `${name}.${field}`)
    .join(" ");

const items = (fields: string): string => `${under("items[]", fields)} nextCursor`;

const user = under("user", "id email fullName role phone kycStatus accredited createdAt");
const signedIn = `token refreshToken expiresAt ${user}`;
const order = "id listingId buyerId creditsAmount totalPrice currency status expiresAt";
const report = "totals series[].period";

const people = [
  call("POST /users/register", { status: 201, takes: "email password fullName role", answers: user }),
  call("POST /users/login", { takes: "email password", answers: signedIn }),
  call("POST /users/refresh", { takes: "refreshToken", answers: signedIn }),
  call("GET /users/profile", { answers: user }),
  call("PUT /users/profile", { optional: "fullName phone", answers: user }),
  call("GET /users/{id}", { answers: user }),
];

const car = "id make model year vin countryCode";
const imported =
  "importId format imported duplicates flagged rejected[].row rejected[].field rejected[].reason";
const fleet = [
  call("POST /vehicles", {
    status: 201,
    takes: "make model year vin countryCode",
    optional: "batteryKwh",
    answers: under("vehicle", car),
  }),
  call("GET /vehicles", { answers: items(car) }),
  call("POST /vehicles/{id}/trips", { optional: "zone", answers: imported }),
  call("POST /vehicles/{id}/trips/preview", {
    answers: `format zone columns ${under("rows[]", "row startTime endTime distanceKm energyKwh speedKmh")} rejected`,
  }),
  call("GET /imports/{id}", { answers: `${imported} status rowsRead rowsTotal` }),
  call("GET /vehicles/{id}/trips", {
    answers: items("id startTime endTime distanceKm energyKwh co2SavedKg status flags"),
  }),
  call("GET /vehicles/{id}/co2-savings", {
    optional: "period",
    answers: `totalDistanceKm totalCo2SavedKg credits ${under("series[]", "period distanceKm co2SavedKg")}`,
  }),
  call("POST /fleet/vehicles", { status: 201 }),
  call("POST /fleet/trips"),
  call("POST /fleet/requests", { status: 201 }),
  call("GET /factor-sets", { answers: "items" }),
  call("GET /factor-sets/{hash}"),
];

const request = under("request", "id vehicleId status co2SavedKg creditsRequested tripCount");
const retirement = "beneficiaryName beneficiaryCountry reason message";
const certificate = "id certificateNumber creditsAmount serials issueDate status pdfUrl verifyUrl";
const carbon = [
  call("POST /vehicles/{id}/generate-credits", { status: 201, optional: "from to", answers: request }),
  call("POST /credits/request", { status: 201, takes: "vehicleId", optional: "from to", answers: request }),
  call("GET /wallet/{userId}", { answers: "userId balance reserved retired" }),
  call("POST /credits/issue", { takes: "requestId", answers: "request.id batch.serial batch.credits" }),
  call("GET /credits/history/{userId}", { answers: items("id type amount serials referenceId createdAt") }),
  call("PUT /credits/transfer", { takes: "toUserId amount", optional: "transferId", answers: "transfer" }),
  call("POST /credits/retire", {
    status: 201,
    takes: "amount beneficiaryName reason",
    optional: "beneficiaryCountry message",
    answers: under("certificate", certificate),
  }),
  call("GET /verification/requests", { optional: "status", answers: items("id status riskScore") }),
  call("GET /verification/requests/{id}", { answers: "request.id factors" }),
  call("POST /verification/approve/{id}", { optional: "notes", answers: "request.id certificate" }),
  call("POST /verification/reject/{id}", {
    takes: "reason",
    optional: "trips[].tripId trips[].reason",
    answers: "request.id",
  }),
  call("GET /verification/certificates/{userId}", { answers: items(certificate) }),
  call("GET /public/certificates/{number}", {
    answers: "certificate signature keyId log.index log.proof log.checkpoint status",
  }),
  call("GET /public/certificates/{number}/status", { answers: "format number status keyId signature" }),
  call("GET /public/batches/{number}", { answers: "vintage root" }),
  call("GET /public/batches/{number}/leaves", { answers: "items[].hash items[].grams" }),
];

const listing =
  "id sellerId listingType creditsAmount creditsRemaining pricePerCredit currency status vintage country auctionEndTime currentBid bidCount";
const line = "listingId creditsAmount pricePerCredit total";
const wanted = under("wanted", "id creditsAmount creditsRemaining maxPrice currency status");
const attributes = "vintageFrom country method";
const market = [
  call("POST /marketplace/listings", {
    status: 201,
    takes: "creditsAmount pricePerCredit listingType",
    optional: "auctionEndTime reservePrice minCredits expiresAt startsAt buyNowPrice",
    answers: under("listing", "id"),
  }),
  call("GET /marketplace/listings", {
    optional: "type minPrice maxPrice minCredits vintage country method quality seller q sort limit cursor",
    answers: items(listing),
  }),
  call("GET /marketplace/listings/{id}", { answers: under("listing", listing) }),
  call("PATCH /marketplace/listings/{id}", { takes: "pricePerCredit", answers: "listing.pricePerCredit" }),
  call("DELETE /marketplace/listings/{id}"),
  call("POST /marketplace/quotes", {
    status: 201,
    takes: "creditsAmount",
    optional: `maxPrice ${attributes} quality`,
    answers: `${under("quote", "id creditsAmount averagePrice worstPrice totalPrice currency expiresAt")} ${under("quote.lines[]", line)}`,
  }),
  call("POST /marketplace/orders", {
    status: 201,
    optional: `listingId creditsAmount quoteId ${under("retire", retirement)}`,
    answers: `${under("order", order)} ${under("order.lines[]", line)}`,
  }),
  call("GET /marketplace/orders/{userId}", { answers: items(order) }),
  call("POST /marketplace/bids", {
    status: 201,
    takes: "listingId bidAmount",
    answers: `${under("bid", "id listingId bidAmount status")} ${under("listing", "currentBid bidCount auctionEndTime")}`,
  }),
  call("POST /marketplace/wanted", {
    status: 201,
    takes: "creditsAmount maxPrice",
    optional: `${attributes} expiresAt`,
    answers: wanted,
  }),
  call("GET /marketplace/wanted", { answers: items("id status") }),
  call("DELETE /marketplace/wanted/{id}", { answers: wanted }),
  call("POST /marketplace/wanted/{id}/fill", { status: 201, takes: "creditsAmount", answers: "order.id" }),
  call("GET /marketplace/book", {
    answers: "currency asks[].price asks[].creditsAmount asks[].count bids spread lastPrice",
  }),
  call("POST /marketplace/orders/{id}/dispute", { status: 201, takes: "reason" }),
  call("POST /disputes/{id}/messages", { status: 201, takes: "message" }),
  call("POST /disputes/{id}/resolve", { takes: "outcome", optional: "amount" }),
  call("POST /ai/predict-price", {
    takes: "creditsAmount",
    optional: "vintage country listingType",
    answers: `pricePerCredit low high coverage basis comparables ${under("model", "name trainedAt backtestMae naiveMae")}`,
  }),
  call("GET /ai/market-trends", {
    answers: "lastPrice change7d change30d volume30d supply demand series",
  }),
];

const payment = under("payment", "id orderId status method amount currency");
const money = [
  call("POST /payments/checkout", {
    status: 201,
    takes: "orderId method",
    answers: `${payment} redirectUrl`,
  }),
  call("GET /payments/{orderId}", { answers: payment }),
  call("POST /payments/withdraw", {
    status: 201,
    takes: "amount bankAccount",
    answers: under("withdrawal", "id amount status bankAccountMasked"),
  }),
  call("GET /payments/balance/{userId}", { answers: "userId available pending currency" }),
  call("POST /payments/{paymentId}/refund", {
    optional: "amount",
    answers: `payment.id ${under("refund", "id amount status")}`,
  }),
  call("GET /invoices", { answers: items("number kind orderId total currency issuedAt") }),
  call("GET /invoices/{number}", { optional: "format" }),
];

const rule = under("rule", "name version value from");
const running = [
  call("POST /notifications/send", { status: 201, takes: "userId type subject message" }),
  call("GET /notifications/{userId}", { answers: items("id type subject message status readAt createdAt") }),
  call("PUT /notifications/{id}/read", { answers: "notification.readAt" }),
  call("GET /notifications/preferences", { answers: "channels kinds quietHours" }),
  call("PUT /notifications/preferences", { optional: "channels kinds quietHours" }),
  call("GET /reports/personal/{userId}", { optional: "format", answers: report }),
  call("GET /reports/co2-savings/{userId}", { optional: "format", answers: report }),
  call("GET /reports/revenue/{userId}", { optional: "format", answers: report }),
  call("GET /reports/platform", {
    answers: "users creditsIssued creditsTraded creditsRetired volume fees disputes series[].period",
  }),
  call("GET /admin/rules/{name}", { answers: rule }),
  call("PUT /admin/rules/{name}", { takes: "value reason", optional: "from seen", answers: rule }),
  call("POST /admin/rules/{name}/roll-back", {
    takes: "version reason",
    optional: "from seen",
    answers: rule,
  }),
  call("POST /admin/rules/{name}/call-off", {
    takes: "version reason",
    answers: under("rule", "name version calledOff from"),
  }),
  call("GET /admin/jobs", { answers: items("id queue state attempts error createdAt") }),
  call("POST /admin/jobs/{id}/retry"),
];

export const contract: readonly Call[] = [...people, ...fleet, ...carbon, ...market, ...money, ...running];
