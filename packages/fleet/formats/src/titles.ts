import type { Locale } from "@evx/kernel";
import { formats } from "./formats/index.ts";

/** What a person calls a stored format. A name that is no longer known is shown as it is. */
export const formatTitle = (name: string, locale: Locale): string =>
  formats.find((format) => format.name === (name === "evx-json" ? "evx" : name))?.title[locale] ?? name;
