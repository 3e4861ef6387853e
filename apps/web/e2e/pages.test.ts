import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { axeFindings, type Look, nameOf, settled, sideways, signIn } from "./browser.ts";
import { smallTargets } from "./thumb.ts";
import { inBrowser } from "./venue.ts";

const source = join(import.meta.dir, "../src");

/** Addresses in a source file, as its own lines name them. */
const named = (file: string, pattern: RegExp) =>
  [...readFileSync(join(source, file), "utf8").matchAll(pattern)].map(([, address]) => address as string);

const routed = readdirSync(join(source, "pages"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("routes.ts"))
  .flatMap((file) => named(`pages/${file}`, /path: "([^"]+)"/g));

const people = {
  visitor: { email: null, nav: "visitor" },
  owner: { email: "owner@demo.evx", nav: "ev_owner" },
  buyer: { email: "buyer@demo.evx", nav: "buyer" },
  cva: { email: "cva@demo.evx", nav: "cva" },
  admin: { email: "admin@demo.evx", nav: "admin" },
} as const;

/** An id that was never given. */
const nobodys = (prefix: string) => `${prefix}_${"0".repeat(26)}`;

/** Pages that no place leads to. What a link in a mail opens is seen without its token, as a stranger would. */
const extra: Record<string, readonly string[]> = {
  visitor: [
    "/docs",
    "/docs/no-worker",
    "/methods",
    "/keys",
    "/buy?credits=0.1",
    "/terms",
    "/privacy",
    "/contact",
    "/",
    "/sign-in",
    "/sign-up",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/confirm-sign-up",
    "/nobody-made-this",
  ],
  owner: [
    "/notifications",
    "/account",
    "/owner/listings/new",
    "/owner/vehicles/connected",
    "/owner/fleet/import",
    "/owner/statements",
    `/owner/submissions/${nobodys("sub")}`,
    `/driving/join/${nobodys("drv")}`,
  ],
};

/** Where a page says by design that something is missing or was refused. */
const complains = new Set([
  "/nobody-made-this",
  "/reset-password",
  "/verify-email",
  "/owner/vehicles/connected",
  `/owner/submissions/${nobodys("sub")}`,
  `/driving/join/${nobodys("drv")}`,
]);

/** Routes that no reader of the demo world comes to: the gallery is for developers, a letter of its own leads to the other. */
const unreachable = new Set(["/_gallery", "/unsubscribe/:token/:topic"]);

const pattern = (route: string) =>
  new RegExp(`^${route.replace(/^\*.*/, "/nobody-made-this").replace(/:[a-zA-Z]+/g, "[^/]+")}$`);

/** The route that answers an address; one without parameters goes before one with. */
const routeOf = (address: string): string | undefined => {
  const path = address.split(/[?#]/)[0] ?? "";
  return routed.includes(path) ? path : routed.find((route) => pattern(route).test(path));
};

/** Each theme, width and language is loaded once; the other width of a look is seen by resizing the page. */
const looks: readonly [Look, Look] = [
  { theme: "light", width: 1360, locale: "en" },
  { theme: "dark", width: 375, locale: "vi" },
];

/** The other width, on which only the layout can differ. */
const resized = ({ theme, width, locale }: Look): Look => ({
  theme,
  locale,
  width: width === 375 ? 1360 : 375,
});

test("every place in the navigation has a page", () => {
  const places = Object.values(people).flatMap(({ nav }) => named(`nav/${nav}.ts`, /href: "([^"]+)"/g));
  expect([...new Set(places)].filter((place) => !routed.includes(place))).toEqual([]);
});

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

inBrowser("every page", (venue) => {
  const seen = new Set<string>();

  const signedIn = async (email: string): Promise<State> => {
    const context = await venue.reader(looks[0]);
    await signIn(await context.newPage(), venue.base, email);
    const state = await context.storageState();
    await context.close();
    return state;
  };

  const listings = async (): Promise<
    { id: string; sellerId: string; listingType: string; status: string }[]
  > => {
    const answer = await fetch(`${venue.base}/api/marketplace/listings`);
    return (
      (await answer.json()) as {
        items: { id: string; sellerId: string; listingType: string; status: string }[];
      }
    ).items;
  };

  /** An order that waits for its payment, made by the buyer who is signed in. */
  const unpaidOrder = async (state: State): Promise<string> => {
    const listing = (await listings()).find(({ listingType }) => listingType === "fixed");
    const context = await venue.reader(looks[0], state);
    const answer = await context.request.post(`${venue.base}/api/marketplace/orders`, {
      headers: { origin: venue.base },
      data: { listingId: listing?.id, creditsAmount: "0.04" },
    });
    const body = (await answer.json()) as { order: { id: string } };
    await context.close();
    return body.order.id;
  };

  /** A dispute of something that the buyer has bought. */
  const disputed = async (state: State): Promise<string> => {
    const context = await venue.reader(looks[0], state);
    const read = async (path: string) => (await context.request.get(`${venue.base}/api${path}`)).json();
    const { user } = (await read("/users/profile")) as { user: { id: string } };
    const { items } = (await read(`/marketplace/orders/${user.id}`)) as {
      items: { id: string; status: string }[];
    };
    const bought = items.find(({ status }) => status === "completed");
    const answer = await context.request.post(`${venue.base}/api/marketplace/orders/${bought?.id}/dispute`, {
      headers: { origin: venue.base },
      data: { reason: "Another vintage than was shown" },
    });
    const body = (await answer.json()) as { dispute: { id: string } };
    await context.close();
    return body.dispute.id;
  };

  /** A trip of the owner's: the page of a car names its trips day by day, the newest of which may be far down. */
  const tripOf = async (state: State): Promise<string> => {
    const context = await venue.reader(looks[0], state);
    const read = async (path: string) => {
      const answer = await context.request.get(`${venue.base}/api${path}`);
      return ((await answer.json()) as { items: { id: string }[] }).items[0]?.id;
    };
    const vehicle = await read("/vehicles");
    const trip = await read(`/vehicles/${vehicle}/trips`);
    await context.close();
    return `/owner/vehicles/${vehicle}/trips/${trip}`;
  };

  /** Adds one address for each page of one thing (`/marketplace/:id`) that a page links to and nobody named before. */
  const follow = async (page: Page, places: string[]): Promise<void> => {
    const links = await page
      .locator("#app a[href^='/']")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
    for (const link of links) {
      const route = routeOf(link);
      if (route?.includes("/:") && !places.some((place) => routeOf(place) === route)) places.push(link);
    }
  };

  /** What is still found once charts have been drawn anew for another width. */
  const atRest = async (find: () => Promise<string[]>): Promise<string[]> => {
    const end = performance.now() + 2_000;
    let found = await find();
    while (found.length > 0 && performance.now() < end) {
      await Bun.sleep(50);
      found = await find();
    }
    return found;
  };

  const findingsAt = async (page: Page, place: string, look: Look): Promise<string[]> => {
    const findings: string[] = [];
    const say = (line: string, at = look) => findings.push(`${place} ${nameOf(at)}: ${line}`);
    await page.goto(venue.base + place);
    await settled(page).catch(() => say("never came to rest"));
    const text = await page.locator("#app").textContent();
    if (/\{\{|\bundefined\b|\bNaN\b|\[object /.test(text ?? ""))
      say("shows a placeholder or a programming word");
    if (!complains.has(place) && (await page.locator("main [role=alert]").count())) say("shows an error");
    for (const line of await axeFindings(page)) say(`axe ${line}`);
    for (const at of [look, resized(look)]) {
      // A phone is tried at its narrowest, and there everything must be large enough for a thumb.
      const narrow = at.width === 375;
      await page.setViewportSize(narrow ? { width: 360, height: 4_000 } : { width: at.width, height: 900 });
      for (const line of await atRest(() => sideways(page))) say(`wider than the page: ${line}`, at);
      if (narrow) for (const line of await atRest(() => smallTargets(page))) say(`too small: ${line}`, at);
    }
    await page.setViewportSize({ width: look.width, height: 900 });
    return findings;
  };

  /** Walks one look from place to place, until `next`, which is told how many were seen, names none. */
  const walk = async (
    look: Look,
    state: State | undefined,
    next: (done: number) => Promise<string | undefined>,
    arrived: (page: Page) => Promise<void>,
  ): Promise<string[]> => {
    const findings: string[] = [];
    const context = await venue.reader(look, state);
    const page = await context.newPage();
    let at = "";
    const say = (line: string) => findings.push(`${at} ${nameOf(look)}: ${line}`);
    page.on("pageerror", (error) => say(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !complains.has(at)) say(`console: ${message.text()}`);
    });
    for (let done = 0; ; done++) {
      const place = await next(done);
      if (place === undefined) break;
      at = place;
      findings.push(...(await findingsAt(page, place, look)));
      await arrived(page);
    }
    await context.close();
    return findings;
  };

  /** Both looks at once: the first finds the pages that links lead to, the second follows behind it. */
  const walkBoth = async (state: State | undefined, places: string[]): Promise<string[]> => {
    let finding = true;
    const first = walk(
      looks[0],
      state,
      async (done) => places[done],
      (page) => follow(page, places),
    ).finally(() => {
      finding = false;
    });
    const behind = async (done: number) => {
      while (finding && done >= places.length) await Bun.sleep(50);
      return places[done];
    };
    return (await Promise.all([first, walk(looks[1], state, behind, async () => {})])).flat();
  };

  for (const [who, { email, nav }] of Object.entries(people)) {
    const places = named(`nav/${nav}.ts`, /href: "([^"]+)"/g);
    const pages = [...new Set([...places, ...(extra[who] ?? [])])];

    test(`as ${who}: reads in both languages, themes and widths; axe finds nothing; nothing is wider than 360 px or too small for a thumb`, async () => {
      const state = email ? await signedIn(email) : undefined;
      const places = [...pages];
      if (who === "visitor")
        for (const type of ["fixed", "auction"]) {
          const listing = (await listings()).find(({ listingType }) => listingType === type);
          places.push(`/marketplace/${listing?.id}`, `/sellers/${listing?.sellerId}`);
        }
      if (who === "owner" && state) places.push(await tripOf(state));
      if (who === "buyer" && state) {
        const order = await unpaidOrder(state);
        places.push(`/buyer/orders/${order}`, `/pay/${order}`, `/disputes/${await disputed(state)}`);
      }
      const all = [...new Set(places)];
      expect(await walkBoth(state, all)).toEqual([]);
      for (const place of all) seen.add(routeOf(place) ?? place);
    }, 300_000);
  }

  test("no page was left out: each route was seen by somebody", () => {
    expect(routed.filter((route) => !seen.has(route) && !unreachable.has(route))).toEqual([]);
  });
});
