import { lazy } from "solid-js";
import { loadText } from "../i18n/index.ts";

/** What the flat rate assumes, under figures that were counted by it. Its words come with it. */
export const FlatRate = lazy(
  async () => (await Promise.all([import("./flat-rate-text.tsx"), loadText("flat")]))[0],
);
