import type { Caller } from "@evx/api";
import { freshFor, type Locale } from "@evx/kernel";
import { refusalOf } from "@evx/rpc";
import { localeOf, type Runtime } from "@evx/runtime";
import type { Context as HonoContext } from "hono";
import { type PageWords, pageWords } from "./page-words.ts";

/** What search engines, chats and a browser without scripts are told of an address. */
export type Head = {
  title: string;
  description: string;
  /** The page's heading and first sentence, shown until the app stands. */
  heading: string;
  lead: string;
  /** Path of the picture that stands for the page. */
  image: string;
  status: 200 | 404;
  /** Whether search engines may keep it. */
  indexed: boolean;
};

const site = "EV Carbon Exchange";
const homeImage = "/og.png";

const of = (words: PageWords, more: Partial<Head> = {}): Head => ({
  title: words.title ? `${words.title} · ${site}` : site,
  description: words.description,
  heading: words.heading ?? words.title,
  lead: words.description,
  image: homeImage,
  status: 200,
  indexed: true,
  ...more,
});

const lost = (locale: Locale): Head => of(pageWords(locale).lost, { status: 404, indexed: false });

/** Answers null where the thing is not there; whatever else goes wrong is the page's to say. */
const found = async <T>(ask: () => Promise<T>): Promise<T | null | undefined> => {
  try {
    return await ask();
  } catch (error) {
    return refusalOf(error)?.kind === "not_found" ? null : undefined;
  }
};

/** "0.030000" → "0.03". */
const plain = (credits: string): string => credits.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

type Reader = (caller: Caller, name: string, locale: Locale) => Promise<Head | null>;

const aCertificate: Reader = async (caller, number, locale) => {
  const file = await found(() => caller.verification.certificates.public({ number }));
  if (file === null) return lost(locale);
  if (!file) return null;
  const { certificate } = file;
  const name = certificate.retirement?.beneficiary ?? certificate.holder;
  return of(
    pageWords(locale).certificate(certificate.kind, plain(certificate.credits), name, certificate.number),
    {
      image: `/api/public/certificates/${encodeURIComponent(number)}/card.png?locale=${locale}`,
    },
  );
};

const aBatch: Reader = async (caller, number, locale) => {
  if (!/^\d{1,18}$/.test(number)) return lost(locale);
  const batch = await found(() => caller.credits.registry.batch({ number }));
  if (batch === null) return lost(locale);
  return batch ? of(pageWords(locale).batch(batch.number, plain(String(batch.issued)), batch.country)) : null;
};

const aSerial: Reader = async (caller, serial, locale) => {
  const life = await found(() => caller.credits.registry.timeline({ serial }));
  if (life === null) return lost(locale);
  return life ? of(pageWords(locale).serial(life.serial), { indexed: false }) : null;
};

const aListing: Reader = async (caller, id, locale) => {
  const answer = await found(() => caller.marketplace.listings.byId({ id }));
  if (answer === null) return lost(locale);
  return answer ? of(pageWords(locale).listing(plain(String(answer.listing.creditsAmount)))) : null;
};

const things: readonly (readonly [RegExp, Reader])[] = [
  [/^\/(?:c|certificates)\/([^/]+)$/, aCertificate],
  [/^\/marketplace\/([^/]+)$/, aListing],
  [/^\/registry\/batches\/([^/]+)$/, aBatch],
  [/^\/registry\/serials\/([^/]+)$/, aSerial],
];

const nameIn = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The head of an address that is a page of the app, in a language; without a caller nothing is read. */
const headOf = async (caller: Caller | null, path: string, locale: Locale): Promise<Head> => {
  const bare = path.replace(/(?<=[^/])\/$/, "");
  for (const [pattern, read] of things) {
    const name = pattern.exec(bare)?.[1];
    const head = name && caller && (await read(caller, nameIn(name), locale));
    if (head) return head;
  }
  const words = pageWords(locale).pages[bare];
  return words ? of(words) : of(pageWords(locale).app, { indexed: false });
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

/** The app's index with an address's own head and first words in it. */
const pageHtml = (
  index: string,
  head: Head,
  at: { origin: string; path: string; locale: Locale; contact: string; venue: string | null },
): string => {
  const address = `${at.origin}${at.path}`;
  const meta = (name: string, content: string) => `<meta property="${name}" content="${escaped(content)}" />`;
  const tags = [
    `<title>${escaped(head.title)}</title>`,
    `<meta name="description" content="${escaped(head.description)}" />`,
    `<meta name="evx:contact" content="${escaped(at.contact)}" />`,
    ...(at.venue ? [`<meta name="evx:venue" content="${escaped(at.venue)}" />`] : []),
    ...(head.indexed
      ? [
          `<link rel="canonical" href="${escaped(address)}" />`,
          ...["en", "vi"].map(
            (tag) => `<link rel="alternate" hreflang="${tag}" href="${escaped(`${address}?lang=${tag}`)}" />`,
          ),
          `<link rel="alternate" hreflang="x-default" href="${escaped(address)}" />`,
        ]
      : ['<meta name="robots" content="noindex" />']),
    meta("og:site_name", site),
    meta("og:type", "website"),
    meta("og:title", head.title),
    meta("og:description", head.description),
    meta("og:url", address),
    meta("og:image", `${at.origin}${head.image}`),
    meta("og:image:width", "1200"),
    meta("og:image:height", "630"),
    meta("og:locale", at.locale === "vi" ? "vi_VN" : "en_GB"),
    '<meta name="twitter:card" content="summary_large_image" />',
  ];
  const first =
    head.heading &&
    `<main class="first"><h1 class="figure">${escaped(head.heading).replaceAll("\n", "<br />")}</h1><p>${escaped(head.lead)}</p></main>`;
  return index
    .replace(/<title>[^<]*<\/title>/, "")
    .replace(/<meta\s+name="(description|evx:contact)"[^>]*>/g, "")
    .replace('<html lang="en">', `<html lang="${at.locale}">`)
    .replace("</head>", () => `${tags.join("\n    ")}\n  </head>`)
    .replace("<!-- first -->", () => first);
};

/** What the frame says above every page, as the frame reads it; null where the venue is open and says nothing. */
const saidAbove = async (caller: Caller): Promise<string | null> => {
  const said = await found(() => caller.venue.standing());
  return !said || (said.mode === "open" && said.announcements.length === 0) ? null : JSON.stringify(said);
};

/** What the index is served by: with the head of the address, in the language that the reader asks for. */
export const pages = (runtime: Runtime, mayRead: (c: HonoContext) => Promise<boolean>) => {
  const { config } = runtime;
  const facts = { actor: null, headers: new Headers(), ip: "", requestId: "" };
  const venue = freshFor(1_000, () => saidAbove(runtime.callAs(runtime.createContext(facts))));
  return async (c: HonoContext, index: string, isPage: boolean): Promise<Response> => {
    const asked = c.req.query("lang");
    const locale =
      asked === "vi" || asked === "en" ? asked : localeOf(c.req.header("accept-language") ?? null);
    const read = async () => {
      if (!isPage) return lost(locale);
      const caller = (await mayRead(c)) ? runtime.callAs(runtime.createContext(facts)) : null;
      return headOf(caller, c.req.path, locale);
    };
    const head = await read();
    const html = pageHtml(index, head, {
      origin: config.publicUrl.replace(/\/+$/, ""),
      path: c.req.path,
      locale,
      contact: config.CONTACT_EMAIL,
      venue: await venue(),
    });
    const headers = {
      "cache-control": "no-cache",
      "content-language": locale,
      vary: "accept-language, accept-encoding",
    };
    const zipped = (c.req.header("accept-encoding") ?? "").includes("gzip");
    return new Response(zipped ? Bun.gzipSync(html) : html, {
      status: head.status,
      headers: {
        ...headers,
        "content-type": "text/html; charset=utf-8",
        ...(zipped ? { "content-encoding": "gzip" } : {}),
      },
    });
  };
};
