/** The first sale over REST, from a stranger's sign-up to money at the bank: the contract of /api, step by step. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { register } from "@evx/accounts";
import { expectBooksBalance } from "@evx/ledger/testing";
import { restClient, until } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

let world: LiveWorld;
let rest: ReturnType<typeof restClient>;
const people: Record<string, { id: string; token: string }> = {};
const as = (name: string) => ({ token: people[name]?.token });

const csv = [
  "start_time,end_time,distance_km,energy_consumed,notes",
  ...Array.from({ length: 20 }, (_, day) => {
    const date = `2026-01-${String(day + 1).padStart(2, "0")}`;
    return `${date}T08:00:00Z,${date}T09:00:00Z,50,9,commute`;
  }),
  "2026-02-01T08:00:00Z,2026-02-01T07:00:00Z,50,9,ends before it starts",
  "2026-02-02T08:00:00Z,2026-02-02T09:00:00Z,-5,9,negative",
].join("\n");

beforeAll(async () => {
  world = await startLiveWorld();
  rest = restClient(world.url);
});
afterAll(() => world.close());

const join = async (name: string, role: string) => {
  const email = `${name}@journey.example`;
  const password = "a-long-password-1";
  const made = await rest.post("/api/users/register", { email, password, fullName: `Person ${name}`, role });
  expect(made.status).toBe(201);
  expect(Object.keys(Object(made.at("user")))).toEqual(
    expect.arrayContaining([
      "id",
      "email",
      "fullName",
      "role",
      "phone",
      "kycStatus",
      "accredited",
      "createdAt",
    ]),
  );
  const signedIn = await rest.post("/api/users/login", { email, password });
  expect(signedIn.status).toBe(200);
  people[name] = { id: made.text("user.id"), token: signedIn.text("token") };
};

test("four people join; nobody can join as admin", async () => {
  for (const [name, role] of [
    ["owner", "ev_owner"],
    ["buyer", "buyer"],
    ["cva", "cva"],
  ] as const)
    await join(name, role);
  expect(
    (
      await rest.post("/api/users/register", {
        email: "x@y.example",
        password: "a-long-password-1",
        fullName: "X",
        role: "admin",
      })
    ).status,
  ).toBe(400);
  const { accounts } = world.runtime.ports.identity;
  const context = world.runtime.createContext({
    actor: null,
    headers: new Headers(),
    ip: "127.0.0.1",
    requestId: "test",
  });
  await register(
    context,
    accounts,
    {
      email: "admin@journey.example",
      password: "a-long-password-1",
      fullName: "Admin",
      role: "admin",
      locale: "en",
    },
    { by: null, session: false },
  );
  const signedIn = await rest.post("/api/users/login", {
    email: "admin@journey.example",
    password: "a-long-password-1",
  });
  people.admin = { id: signedIn.text("user.id"), token: signedIn.text("token") };
});

test("a cva may not review before an admin accredits them", async () => {
  expect((await rest.get("/api/verification/requests", as("cva"))).status).toBe(403);
  const admin = world.runtime.callAs(
    world.runtime.createContext({
      actor: await world.runtime.ports.identity.authenticate(
        new Headers({ authorization: `Bearer ${people.admin?.token}` }),
      ),
      headers: new Headers(),
      ip: "127.0.0.1",
      requestId: "test",
    }),
  );
  await admin.identity.users.accredit({ id: people.cva?.id as `usr_${string}`, accredited: true });
  const queue = await until(
    () => rest.get("/api/verification/requests", as("cva")),
    ({ status }) => status === 200,
  );
  expect(queue.list("items")).toEqual([]);
});

let vehicleId = "";

test("a car's trips are imported: good rows kept, broken ones named, the same file again adds nothing", async () => {
  const made = await rest.post(
    "/api/vehicles",
    {
      make: "VinFast",
      model: "VF 8",
      year: 2024,
      vin: "RLLV1AB23RH000001",
      countryCode: "VN",
      batteryKwh: 82,
    },
    as("owner"),
  );
  expect(made.status).toBe(201);
  vehicleId = made.text("vehicle.id");
  const first = await rest.post(`/api/vehicles/${vehicleId}/trips`, csv, {
    ...as("owner"),
    headers: { "content-type": "text/csv" },
  });
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({ imported: 20, duplicates: 0 });
  expect(first.list("rejected").map((row) => Reflect.get(Object(row), "row"))).toEqual([22, 23]);
  const form = new FormData();
  form.set("file", new File([csv], "trips.csv", { type: "text/csv" }));
  const again = await rest.post(`/api/vehicles/${vehicleId}/trips`, form, as("owner"));
  expect(again.body).toMatchObject({ imported: 0, duplicates: 20 });
  const trips = await rest.get(`/api/vehicles/${vehicleId}/trips?limit=100`, as("owner"));
  expect(trips.list("items").length).toBe(20);
  expect((await rest.get(`/api/vehicles/${vehicleId}/trips`, as("buyer"))).status).toBeOneOf([403, 404]);
  const savings = await rest.get(`/api/vehicles/${vehicleId}/co2-savings?period=month`, as("owner"));
  expect(savings.body).toMatchObject({
    totalDistanceKm: 1000,
    totalCo2SavedKg: 100,
    credits: "0.100000",
  });
});

let requestId = "";

test("the owner asks, the auditor sees both methods and approves, credits appear with serial numbers", async () => {
  const asked = await rest.post("/api/credits/request", { vehicleId }, as("owner"));
  expect(asked.status).toBe(201);
  expect(asked.at("request")).toMatchObject({
    vehicleId,
    status: "pending",
    co2SavedKg: 100,
    creditsRequested: "0.100000",
    tripCount: 20,
  });
  requestId = asked.text("request.id");
  expect((await rest.post(`/api/vehicles/${vehicleId}/generate-credits`, {}, as("owner"))).status).toBe(409);
  expect((await rest.get(`/api/verification/requests/${requestId}`, as("cva"))).status).toBe(200);
  expect((await rest.get(`/api/verification/requests/${requestId}`, as("buyer"))).status).toBeOneOf([
    403, 404,
  ]);
  const approvals = await Promise.all(
    [1, 2].map(() => rest.post(`/api/verification/approve/${requestId}`, { notes: "Fine." }, as("cva"))),
  );
  expect(approvals.some(({ status }) => status === 200)).toBe(true);
  const wallet = await rest.get(`/api/wallet/${people.owner?.id}`, as("owner"));
  expect(wallet.body).toEqual({
    userId: people.owner?.id,
    balance: "0.100000",
    reserved: "0.000000",
    retired: "0.000000",
  });
  const history = await rest.get(`/api/credits/history/${people.owner?.id}`, as("owner"));
  expect(history.at("items.0")).toMatchObject({ type: "issue", amount: "0.100000" });
  expect(history.text("items.0.serials.0")).toMatch(/^EVX-VN-/);
  expect((await rest.post("/api/credits/issue", { requestId }, as("cva"))).status).toBe(200);
  expect((await rest.get(`/api/wallet/${people.owner?.id}`, as("owner"))).at("balance")).toBe("0.100000");
});

let listingId = "";
let orderId = "";

test("the owner lists; a buyer finds it and buys a part; over what remains, of one's own and unknown are refused", async () => {
  const listed = await rest.post(
    "/api/marketplace/listings",
    { creditsAmount: "0.08", pricePerCredit: "20.00", listingType: "fixed" },
    as("owner"),
  );
  expect(listed.status).toBe(201);
  listingId = listed.text("listing.id");
  const found = await rest.get("/api/marketplace/listings?type=fixed&sort=price&country=VN");
  expect(found.list("items").map((item) => Reflect.get(Object(item), "id"))).toContain(listingId);
  expect((await rest.get(`/api/marketplace/listings/${listingId}`)).status).toBe(200);
  expect(
    (await rest.post("/api/marketplace/orders", { listingId, creditsAmount: "0.09" }, as("buyer"))).status,
  ).toBe(409);
  expect((await rest.post("/api/marketplace/orders", { listingId }, as("owner"))).status).toBe(403);
  const headers = { "idempotency-key": "buy-1" };
  const bought = await rest.post(
    "/api/marketplace/orders",
    { listingId, creditsAmount: "0.05" },
    { ...as("buyer"), headers },
  );
  expect(bought.status).toBe(201);
  expect(bought.at("order")).toMatchObject({
    listingId,
    buyerId: people.buyer?.id,
    creditsAmount: "0.050000",
    totalPrice: "1.00",
    currency: "USD",
    status: "pending_payment",
  });
  expect(
    (
      await rest.post(
        "/api/marketplace/orders",
        { listingId, creditsAmount: "0.05" },
        { ...as("buyer"), headers },
      )
    ).body,
  ).toEqual(bought.body);
  orderId = bought.text("order.id");
});

test("a declined card is told and the order kept; a good one pays, however often its webhook comes", async () => {
  const checkout = await rest.post("/api/payments/checkout", { orderId, method: "stripe" }, as("buyer"));
  expect(checkout.status).toBe(201);
  expect(checkout.at("payment")).toMatchObject({
    orderId,
    method: "stripe",
    amount: "1.00",
    currency: "USD",
  });
  const page = checkout.text("redirectUrl");
  const pay = (card: string, query = "") =>
    fetch(`${page}${query}`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `card=${card}`,
    });
  await pay("4000000000000002");
  expect((await pay("4242424242424242", "?duplicate=3")).status).toBe(303);
  const order = await until(
    () => rest.get(`/api/marketplace/orders/${people.buyer?.id}`, as("buyer")),
    (answer) => answer.at("items.0.status") === "completed",
  );
  expect(order.text("items.0.id")).toBe(orderId);
  expect((await rest.get(`/api/payments/${orderId}`, as("buyer"))).at("payment.status")).toBe("completed");
  expect((await rest.get(`/api/wallet/${people.buyer?.id}`, as("buyer"))).at("balance")).toBe("0.050000");
  expect((await rest.get(`/api/wallet/${people.owner?.id}`, as("owner"))).body).toMatchObject({
    balance: "0.020000",
    reserved: "0.030000",
  });
});

test("a forged webhook is refused and changes nothing", async () => {
  const forged = await fetch(`${world.url}/api/payments/webhook/stripe`, {
    method: "POST",
    headers: { "stripe-signature": "t=1,v1=00" },
    body: "{}",
  });
  expect(forged.status).toBe(400);
});

test("the buyer's certificate is public, names its serials, and can be checked by anyone", async () => {
  const certificates = await until(
    () => rest.get(`/api/verification/certificates/${people.buyer?.id}`, as("buyer")),
    (answer) => answer.list("items").length > 0,
  );
  expect(certificates.list("items.0.serials").length).toBe(1);
  const open = await rest.get(`/api/public/certificates/${certificates.text("items.0.certificateNumber")}`);
  expect(open.status).toBe(200);
  expect(JSON.stringify(open.body)).not.toContain("RLLV1AB23RH000001");
  const pdf = await fetch(new URL(certificates.text("items.0.pdfUrl"), world.url));
  expect((await pdf.text()).slice(0, 5)).toBe("%PDF-");
});

test("the seller is paid net of fees and withdraws to a bank", async () => {
  const balance = await rest.get(`/api/payments/balance/${people.owner?.id}`, as("owner"));
  expect(balance.body).toMatchObject({ available: "0.97", currency: "USD" });
  expect(
    (
      await rest.post(
        "/api/payments/withdraw",
        { amount: "5.00", bankAccount: "VN12 3456 7890 1234" },
        as("owner"),
      )
    ).status,
  ).toBe(409);
  const asked = await rest.post(
    "/api/payments/withdraw",
    { amount: "0.50", bankAccount: "1234567890123456" },
    as("owner"),
  );
  expect(asked.status).toBe(201);
  expect(asked.text("withdrawal.bankAccountMasked")).toMatch(/3456$/);
  expect(JSON.stringify(asked.body)).not.toContain("1234567890123456");
  expect((await rest.get(`/api/payments/balance/${people.owner?.id}`, as("owner"))).at("available")).toBe(
    "0.47",
  );
});

test("the buyer retires, irreversibly and in public; a transfer over the balance moves nothing", async () => {
  const retired = await rest.post(
    "/api/credits/retire",
    {
      amount: "0.01",
      beneficiaryName: "Công ty Xanh",
      beneficiaryCountry: "VN",
      reason: "corporate_inventory",
    },
    as("buyer"),
  );
  expect(retired.status).toBe(201);
  expect(retired.at("certificate.certificateNumber")).toBeTruthy();
  expect(
    (await rest.put("/api/credits/transfer", { toUserId: people.owner?.id, amount: "9" }, as("buyer")))
      .status,
  ).toBe(409);
  expect(
    (await rest.put("/api/credits/transfer", { toUserId: people.owner?.id, amount: "0.01" }, as("buyer")))
      .status,
  ).toBe(200);
  expect((await rest.get(`/api/wallet/${people.buyer?.id}`, as("buyer"))).body).toMatchObject({
    balance: "0.030000",
    retired: "0.010000",
  });
});

test("an auction takes bids at the least price that leads, and protects its end", async () => {
  const auctionEndTime = new Date(world.runtime.clock.now().getTime() + 3_000).toISOString();
  const wish = { creditsAmount: "0.01", pricePerCredit: "100.00", listingType: "auction", auctionEndTime };
  const listed = await rest.post("/api/marketplace/listings", wish, as("owner"));
  expect(listed.status).toBe(201);
  const auctionId = listed.text("listing.id");
  const bid = (name: string, bidAmount: string) =>
    rest.post("/api/marketplace/bids", { listingId: auctionId, bidAmount }, as(name));
  expect((await bid("buyer", "5.00")).status).toBe(409);
  const leading = await bid("buyer", "150.00");
  expect(leading.status).toBe(201);
  expect(leading.at("bid")).toMatchObject({ listingId: auctionId, bidAmount: "150.00", status: "leading" });
  expect(leading.at("listing")).toMatchObject({ currentBid: "100.00", bidCount: 1 });
  expect((await bid("owner", "200.00")).status).toBe(403);
  // A bid this close to the end moves the end five minutes from itself.
  expect(Date.parse(leading.text("listing.auctionEndTime"))).toBeGreaterThan(
    Date.parse(auctionEndTime) + 290_000,
  );
});

test("an auction without bids ends by itself and gives the credits back", async () => {
  const before = (await rest.get(`/api/wallet/${people.owner?.id}`, as("owner"))).body;
  const auctionEndTime = new Date(world.runtime.clock.now().getTime() + 1_500).toISOString();
  const wish = { creditsAmount: "0.01", pricePerCredit: "100.00", listingType: "auction", auctionEndTime };
  const listed = await rest.post("/api/marketplace/listings", wish, as("owner"));
  expect(listed.status).toBe(201);
  expect((await rest.get(`/api/wallet/${people.owner?.id}`, as("owner"))).body).not.toEqual(before);
  await until(
    () => rest.get(`/api/wallet/${people.owner?.id}`, as("owner")),
    ({ body }) => Bun.deepEquals(body, before),
  );
});

test("everyone sees their own reports and notifications, and the books balance", async () => {
  await until(
    () => rest.get(`/api/reports/revenue/${people.owner?.id}`, as("owner")),
    (answer) => answer.at("totals.sales") === 1,
  );
  expect(
    (await rest.get(`/api/reports/personal/${people.owner?.id}`, as("owner"))).at("totals"),
  ).toMatchObject({ distanceKm: 1000, co2SavedKg: 100, creditsIssued: "0.100000", revenue: "0.97" });
  expect((await rest.get("/api/reports/platform", as("admin"))).body).toMatchObject({
    creditsIssued: "0.100000",
    creditsTraded: "0.050000",
    creditsRetired: "0.010000",
    volume: "1.00",
  });
  expect((await rest.get("/api/reports/platform", as("buyer"))).status).toBe(403);
  const inbox = await until(
    () => rest.get(`/api/notifications/${people.owner?.id}`, as("owner")),
    (answer) => answer.list("items").length >= 4,
  );
  expect(inbox.status).toBe(200);
  expect((await rest.get("/health")).body).toMatchObject({
    status: "healthy",
    database: "connected",
  });
  await expectBooksBalance(world.database.db);
});
