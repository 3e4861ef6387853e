import { createSignal } from "solid-js";

export type Locale = "en" | "vi";

export const locales: readonly { value: Locale; label: string }[] = [
  { value: "en", label: "English" },
  { value: "vi", label: "Tiếng Việt" },
];

const initial = (): Locale => (document.documentElement.lang === "vi" ? "vi" : "en");

const [locale, put] = createSignal<Locale>(initial());

/** The language that the page speaks now. */
export const currentLocale = locale;

/** BCP 47 tag that numbers and dates are written in. */
export const formatLocale = (): string => (locale() === "vi" ? "vi-VN" : "en-US");

/** For `i18n/index.ts` alone, which loads the words first; elsewhere use its `setLocale`. */
export const putLocale = (next: Locale): void => {
  put(next);
  document.documentElement.lang = next;
  try {
    localStorage.setItem("evx.locale", next);
  } catch {
    // Kept for this visit only.
  }
};
