import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { webApp } from "./static.ts";

let dist: string;
let old: string;
const pages = { pages: ["/", "/marketplace", "/marketplace/:id", "/owner"], indexed: ["/", "/marketplace"] };

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "evx-dist-"));
  old = await mkdtemp(join(tmpdir(), "evx-dist-"));
  await mkdir(join(dist, "assets"));
  await writeFile(join(dist, "index.html"), "<title>EV Carbon Exchange</title>");
  await writeFile(join(dist, "assets", "a.js"), "1");
  await writeFile(join(dist, "pages.json"), JSON.stringify(pages));
  await writeFile(join(old, "index.html"), "<title>EV Carbon Exchange</title>");
});
afterAll(() => Promise.all([dist, old].map((folder) => rm(folder, { recursive: true }))));

const get = (path: string, folder = dist) =>
  new Hono().get("*", webApp(folder, "https://evx.example")).request(path);

test("an address that is a page answers 200 with the app", async () => {
  for (const path of ["/", "/marketplace", "/marketplace/", "/marketplace/lst_1", "/owner?view=trips"]) {
    const answer = await get(path);
    expect([path, answer.status, await answer.text()]).toEqual([
      path,
      200,
      expect.stringContaining("<title>"),
    ]);
  }
});

test("an address that is no page answers 404, still with the app, which says so in the reader's language", async () => {
  for (const path of ["/nothing", "/marketplace/a/b", "/owner/x", "/marketplace//", "/wp-admin"]) {
    const answer = await get(path);
    expect([path, answer.status, await answer.text()]).toEqual([
      path,
      404,
      expect.stringContaining("<title>"),
    ]);
  }
});

test("a build without a list of pages serves the app everywhere", async () => {
  expect((await get("/anything", old)).status).toBe(200);
});

test("files stay files: hashed ones for a year, missing ones 404 without the app", async () => {
  expect((await get("/assets/a.js")).headers.get("cache-control")).toContain("immutable");
  const missing = await get("/assets/b.js");
  expect([missing.status, (await missing.text()).includes("<title>")]).toEqual([404, false]);
});

test("the sitemap names the pages to be found, by whole addresses, and robots.txt names the sitemap", async () => {
  const map = await get("/sitemap.xml");
  expect(map.headers.get("content-type")).toContain("xml");
  const places = [...(await map.text()).matchAll(/<loc>(.*?)<\/loc>/g)].map(([, place]) => place);
  expect(places).toEqual(["https://evx.example/", "https://evx.example/marketplace"]);
  const robots = await (await get("/robots.txt")).text();
  expect(robots).toContain("Sitemap: https://evx.example/sitemap.xml");
  expect(robots).toContain("Disallow: /owner");
});
