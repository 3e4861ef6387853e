import { expect, test } from "bun:test";
import { withoutLinks } from "./links.ts";

test("nothing that a mail program makes a link of is left", () => {
  // What mail programs look for: a scheme, www, a domain, an address of a mailbox.
  const linked = /\p{L}:\S|\/\/|www\.\S|\S[.。．｡]\p{L}|\S@\S/u;
  const texts = [
    "https://evil.example/login",
    "www.evil.example",
    "Locked. Visit evil.example/login now",
    "mailto:thief@evil.example",
    "javascript:alert(1)",
    "evil。example",
    "Nguyen\nhttp://1.2.3.4/a",
    "//evil.example",
  ];
  expect(texts.filter((text) => !linked.test(text))).toEqual([]);
  expect(texts.map(withoutLinks).filter((text) => linked.test(text))).toEqual([]);
});

test("names, times and amounts stay what they are", () => {
  for (const text of ["Nguyễn Thị Bình", "VinFast VF 8 (2024)", "at 08:30, 1.5 km; 12.000 ₫", "Jr. Smith"])
    expect(withoutLinks(text)).toBe(text);
  expect(withoutLinks("J.R.R. Tolkien")).toBe("J. R. R. Tolkien");
});
