import { testDatabase } from "@evx/db/testing";
import { silentLog } from "@evx/jobs/testing";
import { createAuth } from "./src/auth.ts";

const t = await testDatabase();
const { auth, within } = createAuth({
  db: t.db,
  clock: t.clock,
  log: { ...silentLog, error: console.log, debug: console.log } as never,
  secret: "s".repeat(40),
  baseUrl: "http://localhost:4500",
  bcryptCost: 4,
});
console.time("up");
const r = await t.transact((tx) =>
  within(tx, () =>
    auth.api.signUpEmail({
      body: { email: "A@b.co", password: "longenough", name: "Ann", role: "buyer", locale: "en" },
      returnHeaders: true,
      headers: new Headers({ "x-client-ip": "10.0.0.1", "user-agent": "x" }),
    }),
  ),
);
console.timeEnd("up");
console.log(r.response, r.headers.getSetCookie());
try {
  await t.transact(async (tx) => {
    await within(tx, () =>
      auth.api.signUpEmail({
        body: { email: "c@b.co", password: "longenough", name: "Ann", role: "buyer", locale: "en" },
      }),
    );
    throw new Error("no");
  });
} catch (e) {
  console.log(String(e));
}
try {
  await auth.api.signUpEmail({
    body: { email: "a@b.co", password: "longenough", name: "Ann", role: "buyer", locale: "en" },
  });
} catch (e) {
  console.log(String(e), e.body, e.status);
}
console.log(
  await t.db.selectFrom("identity.user").selectAll().execute(),
  await t.db.selectFrom("identity.session").selectAll().execute(),
);
const c = r.headers
  .getSetCookie()
  .map((x) => x.split(";")[0])
  .join("; ");
console.log(await auth.api.getSession({ headers: new Headers({ cookie: c }) }));
try {
  await auth.api.signInEmail({ body: { email: "a@b.co", password: "wrong" } });
} catch (e) {
  console.log(String(e), e.body, e.status);
}
console.time("sign");
const j = await auth.api.signJWT({ body: { payload: { sub: "x", iat: 1, exp: 2, role: "q" } } });
console.timeEnd("sign");
console.log(j);
await t.close();
