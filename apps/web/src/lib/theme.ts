import { createSignal } from "solid-js";

export type Theme = "system" | "light" | "dark";

const [theme, put] = createSignal<Theme>(
  (document.documentElement.dataset.theme as Theme | undefined) ?? "system",
);

export const currentTheme = theme;

export const nextTheme: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

/** Chooses a theme for this browser; "system" follows the reader's system. */
export const setTheme = (next: Theme): void => {
  put(next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "system") localStorage.removeItem("evx.theme");
    else localStorage.setItem("evx.theme", next);
  } catch {
    // Kept for this visit only.
  }
};
