/** What a search engine, a chat or a browser without scripts is told of an address. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aUser } from "@evx/accounts/testing";
import { givenCredits } from "@evx/credits/testing";
import { newId } from "@evx/kernel";
import { pageWords } from "./page-words.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(60_000);

let world: LiveWorld;
let dist: string;
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "evx-heads-"));
  await writeFile(
    join(dist, "index.html"),
    '<!doctype html><html lang="en"><head><title>x</title><meta name="description" content="x" /></head><body><div id="app"><!-- first --></div></body></html>',
  );
  await writeFile(
    join(dist, "pages.json"),
    JSON.stringify({ pages: ["/", "/c/:number", "/owner", "/registry/batches/:number"], indexed: ["/"] }),
  );
  world = await startLiveWorld({ WEB_DIST: dist, CONTACT_EMAIL: "help@evx.example" });
});
afterAll(async () => {
  await world.close();
  await rm(dist, { recursive: true });
});

const get = async (path: string, language = "en") => {
  const answer = await fetch(world.url + path, { headers: { "accept-language": language } });
  return { status: answer.status, html: await answer.text() };
};

test("the home says in text what it is, in the reader's language or the one that is asked for", async () => {
  const { status, html } = await get("/");
  expect(status).toBe(200);
  expect(html).toContain('<h1 class="figure">Drive electric.<br />Get paid by the gram.</h1>');
  expect(html).toContain(`<meta property="og:image" content="${world.url}/og.png" />`);
  expect(html).toContain(`<link rel="canonical" href="${world.url}/" />`);
  expect(html).toContain(`hreflang="vi" href="${world.url}/?lang=vi"`);
  expect(html).toContain('<meta name="evx:contact" content="help@evx.example" />');
  for (const vietnamese of [await get("/", "vi"), await get("/?lang=vi")]) {
    expect(vietnamese.html).toContain('<html lang="vi">');
    expect(vietnamese.html).toContain("Nhận tiền theo từng gam");
  }
});

test("a certificate or a batch that does not exist answers 404, and is in no index", async () => {
  for (const path of [
    "/c/EVXC-2026-NOPE1-NOPE2-X",
    "/registry/batches/999999",
    "/registry/batches/none",
    "/nobody",
  ]) {
    const { status, html } = await get(path);
    expect([path, status]).toEqual([path, 404]);
    expect(html).toContain('content="noindex"');
  }
  expect((await get("/c/%E0%A4%A")).status).toBe(404);
});

test("every page that search engines are told of has a title and a sentence of its own, in both languages", () => {
  const listed = JSON.parse(readFileSync(join(import.meta.dir, "../../web/public/pages.json"), "utf8"));
  expect(listed.indexed).toContain("/keys");
  for (const locale of ["en", "vi"] as const) {
    const { pages, app } = pageWords(locale);
    for (const path of listed.indexed)
      expect([path, pages[path]?.description === app.description]).toEqual([path, false]);
    const said = listed.indexed.map((path: string) => pages[path]?.title ?? `nothing for ${path}`);
    expect(said.filter((title: string) => title.startsWith("nothing for"))).toEqual([]);
    expect(new Set(said).size).toBe(listed.indexed.length);
  }
});

test("a batch has a title of its own, and a page of signed-in people is in no index", async () => {
  const { database } = world;
  const owner = await aUser(database);
  const { batch } = await database.transact((tx) =>
    givenCredits(tx, owner.id, 100_000n, { cvaId: newId("user") }),
  );
  const { status, html } = await get(`/registry/batches/${batch.number}`);
  expect(status).toBe(200);
  expect(html).toMatch(/<title>Batch 0+\d+ · EV Carbon Exchange<\/title>/);
  expect(html).toContain("0.1");
  expect((await get("/owner")).html).toContain('content="noindex"');
});
