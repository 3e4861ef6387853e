import type { Locale } from "@evx/kernel";
import { formats } from "./formats/index.ts";

/** What a person calls a stored format. A name that is no longer known is shown as it is. */
export const formatTitle = (name: string, locale: Locale): string =>
  formats.find((format) => format.name === (name === "evx-json" ? "evx" : name))?.title[locale] ?? name;

/** What people call the programs and cars whose files are read, by name and each once; our own tables are not among them. */
export const formatTitles = (locale: Locale): string[] =>
  [
    ...new Set(formats.filter(({ name }) => !name.startsWith("evx")).map((format) => format.title[locale])),
  ].sort((a, b) => a.localeCompare(b, locale));
