import type { Guide } from "../../../guide.ts";
import { excerptOf } from "./excerpt.ts";

type Load = () => Promise<{ default: Guide }>;

const files = import.meta.glob<{ default: Guide }>(
  ["../../../../../docs/*.md", "../../../../../docs/alerts/*.md", "../../../../../docs/spec/README.md"],
  { query: "?guide" },
);

/** The last part of its path; of a folder's own page the folder. */
const nameOf = (file: string): string =>
  file
    .replace(/\/README\.md$/, "")
    .replace(/^.*\//, "")
    .replace(/\.md$/, "");

/** Every page by its name: the last part of its address. */
const pages: ReadonlyMap<string, Load> = new Map(
  Object.entries(files).map(([file, load]) => [nameOf(file), load]),
);

export const alerts: readonly string[] = Object.keys(files)
  .filter((file) => file.includes("/alerts/"))
  .map(nameOf)
  .sort();

export const guideNamed = async (name: string): Promise<Guide | null> => {
  const load = pages.get(name);
  return load ? (await load()).default : null;
};

export type Found = {
  readonly page: string;
  readonly title: string;
  readonly id: string;
  readonly section: string;
  readonly around: string;
};

const folded = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").toLowerCase();

const most = 12;

/** Sections in which every word of a question stands; those that have it in their heading come first. */
export const search = async (question: string): Promise<Found[]> => {
  const words = folded(question).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const all = await Promise.all(
    [...pages].map(async ([page, load]) => ({ page, guide: (await load()).default })),
  );
  return all
    .flatMap(({ page, guide }) => guide.sections.map((section) => ({ page, guide, section })))
    .map((one) => ({ ...one, heading: folded(one.section.title), text: folded(one.section.text) }))
    .filter(({ heading, text }) => words.every((word) => heading.includes(word) || text.includes(word)))
    .map((one) => ({ ...one, rank: words.filter((word) => one.heading.includes(word)).length }))
    .sort((one, other) => other.rank - one.rank)
    .slice(0, most)
    .map(({ page, guide, section, text }) => {
      const places = words.map((word) => text.indexOf(word)).filter((place) => place >= 0);
      return {
        page,
        title: guide.title,
        id: section.id,
        section: section.title,
        around: excerptOf(section.text, places.length > 0 ? Math.min(...places) : 0),
      };
    });
};
