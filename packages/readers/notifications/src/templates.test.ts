/**
 * What strangers typed stands in others' mail: a name, a car, a reason. Over every template in both languages, none of it
 * becomes a link, an element, or a line of its own.
 */
import { describe, expect, test } from "bun:test";
import { invitationOf } from "./fleet-jobs.ts";
import { mailOf } from "./mail.ts";
import { isTemplate, type TemplateName, write } from "./templates.ts";
import { templates } from "./texts.ts";

const ours = "https://evx.test";
const names = Object.keys(templates).filter(isTemplate);
const locales = ["en", "vi"] as const;

const hostile = [
  "https://evil.example/login",
  "Your account is locked, visit evil.example/login now",
  '<a href="//evil.example">Open</a>',
  "thief@evil.example\n\n--\n\nOpen: http://evil.example",
];

/** What a mail program makes a link of, once our own addresses are taken out. */
const foreign = /\p{L}:\/\/|www\.\S|\p{L}[.。]\p{L}|\S@\S/iu;

const places = (name: TemplateName): { text: string[]; figures: string[] } => {
  const { en, vi, link } = templates[name];
  const all = [...[...en, ...vi, link].join(" ").matchAll(/\{(\w+)(?::(\w+))?\}/g)];
  return {
    text: all.flatMap(([, place = "", unit]) => (unit ? [] : [place])),
    figures: all.flatMap(([, place = "", unit]) => (unit ? [place] : [])),
  };
};

const detailsOf = (name: TemplateName, typed: string) => {
  const { text, figures } = places(name);
  return {
    ...Object.fromEntries(text.map((place) => [place, typed])),
    ...Object.fromEntries(figures.map((place) => [place, "1000"])),
    currency: "USD",
  };
};

/** A mail's parts without what is the venue's own in every mail. */
const stripped = (mail: { text: string; html: string; subject: string }) => ({
  subject: mail.subject,
  text: mail.text.replaceAll(/https:\/\/evx\.test\S*/g, ""),
  html: mail.html
    .replaceAll(/<(?:!doctype|style)[\s\S]*?(?:<\/style>|>)/g, "")
    .replaceAll(/<a href="https:\/\/evx\.test[^"]*"[^>]*>/g, "")
    .replaceAll(/<[a-z][^<>]*style="[^"<>]*"[^<>]*>/g, ""),
});

describe("what strangers typed, in mail to others", () => {
  for (const locale of locales)
    test(`becomes no link and no markup in any of the templates: ${locale}`, () => {
      const found: string[] = [];
      for (const name of names)
        for (const typed of hostile) {
          const said = write(name, detailsOf(name, typed), locale);
          // Where it leads is made of ids alone; here they are a stranger's words, and it still leads to us.
          const mail = stripped(mailOf("reader@evx.test", said, ours, locale));
          for (const [part, text] of Object.entries(mail))
            if (foreign.test(text)) found.push(`${name} ${part}: ${foreign.exec(text)?.[0]}`);
          // Plain text and a subject are shown as they are; in HTML every element left is one of ours, without address.
          if (/<a\b|href=(?!&)/i.test(mail.html.replaceAll(/&#\d+;/g, "&")))
            found.push(`${name} html: an element`);
          expect(new URL(said.link, ours).origin).toBe(ours);
          expect(said.subject + said.message).not.toContain("\n");
        }
      expect(found).toEqual([]);
    });

  test("nor in an invitation, which goes to whatever address its sender names", () => {
    for (const locale of locales)
      for (const typed of hostile) {
        const said = { ...invitationOf(locale, typed, typed), link: "/driving/join/drv_1" };
        expect(said.subject + said.message).not.toContain("\n");
        const mail = stripped(mailOf("anybody@evx.test", said, ours, locale));
        expect(Object.values(mail).filter((text) => foreign.test(text))).toEqual([]);
      }
  });

  test("the search finds what a template would say without the guard", () => {
    const raw = hostile.map((typed) => ({ subject: typed, message: typed, link: "/account" }));
    for (const said of raw)
      expect(stripped(mailOf("reader@evx.test", said, ours, "en")).text).toMatch(foreign);
  });
});
