import { expect, test } from "bun:test";
import listed from "../public/pages.json" with { type: "json" };
import { routes } from "./routes.ts";

/** Where the app has pages, as patterns. The page for strangers' addresses is not one of them. */
const paths = routes
  .flatMap(({ path }) => (typeof path === "string" ? [path] : (path ?? [])))
  .filter((path) => path !== "*404");

test("the server is told every page, and no other: an unknown address answers 404", () => {
  expect([...listed.pages].sort()).toEqual([...new Set(paths)].filter((path) => path !== "/_gallery").sort());
});

test("what search engines are told of are pages with one address", () => {
  for (const path of listed.indexed)
    expect([path, paths.includes(path), path.includes(":")]).toEqual([path, true, false]);
});
