/** Buying the whole way, as a buyer's browser does it: for the benchmark of a checkout and the test that counts its cost. */
import type { TestDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { createListing } from "@evx/listings";
import { aSeller, noAuctions } from "@evx/listings/testing";
import type { LiveWorld } from "../../src/testing.ts";

export const LISTINGS = 16;
export const GRAMS = 1_000n;

export type Listing = { id: Id<"listing">; seller: Id<"user"> };

export const someListings = async (t: TestDatabase): Promise<Listing[]> => {
  const listings: Listing[] = [];
  const creditsAmount = GRAMS * 100_000n;
  for (let n = 0; n < LISTINGS; n++) {
    const seller = await aSeller(t, creditsAmount);
    const id = newId("listing");
    await t.transact((tx) =>
      createListing(tx, noAuctions, seller, {
        ...{ id, currency: "USD", creditsAmount, pricePerCredit: "10000.00", listingType: "fixed" },
      }),
    );
    listings.push({ id, seller: seller.id });
  }
  return listings;
};

const asked = async (url: string, body: unknown, token?: string): Promise<unknown> => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
};

export const buyersOf = (url: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const credentials = { email: `buyer${n}@bench.example`, password: "bench-password-1" };
      const made = await asked(`${url}/api/users/register`, {
        ...credentials,
        fullName: "Bench",
        role: "buyer",
      });
      const { token } = (await asked(`${url}/api/users/login`, credentials)) as { token: string };
      return { id: (made as { user: { id: Id<"user"> } }).user.id, token };
    }),
  );

/** Who waits for which order to be completed; one question a while asks for all. */
const completions = (t: TestDatabase) => {
  const waiting = new Map<string, () => void>();
  let over = false;
  const looking = (async () => {
    while (!over) {
      await Bun.sleep(15);
      if (waiting.size === 0) continue;
      const { rows } = await t.pool.query<{ id: string }>(
        `select id from marketplace."order" where id = any($1) and status = 'completed'`,
        [[...waiting.keys()]],
      );
      for (const { id } of rows) {
        waiting.get(id)?.();
        waiting.delete(id);
      }
    }
  })();
  return {
    of: (id: string) => new Promise<void>((resolve) => waiting.set(id, resolve)),
    async stop() {
      over = true;
      await looking;
    },
  };
};

/** Until nothing is left to do of what sales leave behind: mails, invoices, totals. */
export const rest = async (t: TestDatabase): Promise<void> => {
  for (;;) {
    const { rows } = await t.pool.query<{ count: bigint }>(
      `select (select count(*) from jobs.outbox where run_at is null) + (select count(*) from pgboss.job
        where state in ('active', 'retry') or (state = 'created' and start_after <= now())) as count`,
    );
    if (Number(rows[0]?.count ?? 0) === 0) return;
    await Bun.sleep(100);
  }
};

export const oursIn = (
  world: LiveWorld,
  listings: readonly Listing[],
  buyers: Awaited<ReturnType<typeof buyersOf>>,
) => {
  const done = completions(world.database);
  let place = 0;
  const one = async (client: number): Promise<void> => {
    const token = buyers[client]?.token;
    const listingId = listings[place++ % LISTINGS]?.id;
    const made = await asked(
      `${world.url}/api/marketplace/orders`,
      { listingId, creditsAmount: "0.001000" },
      token,
    );
    const orderId = (made as { order: { id: string } }).order.id;
    const page = await asked(`${world.url}/api/payments/checkout`, { orderId, method: "stripe" }, token);
    const paid = await fetch((page as { redirectUrl: string }).redirectUrl, {
      method: "POST",
      body: new URLSearchParams({ card: "4242424242424242" }),
      redirect: "manual",
    });
    await paid.arrayBuffer();
    await done.of(orderId);
  };
  return { one, stop: done.stop };
};
