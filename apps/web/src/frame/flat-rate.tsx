import { loadText } from "../i18n/index.ts";
import { part } from "./part.tsx";

/** What the flat rate assumes, under figures that were counted by it. Its words come with it. */
export const FlatRate = part(
  async () => (await Promise.all([import("./flat-rate-text.tsx"), loadText("flat")]))[0],
  "min-h-8 max-sm:min-h-16",
);
