import { type Component, lazy } from "solid-js";
import type { AreaName } from "../i18n/areas.ts";
import { loadText } from "../i18n/index.ts";
import { fetched } from "../lib/connection.ts";

/** A component that comes in a chunk of its own when it is needed, together with the dictionaries its words are in. */
export const chunk = <Props extends object>(
  load: () => Promise<{ default: Component<Props> }>,
  ...areas: readonly AreaName[]
) => lazy(async () => (await Promise.all([fetched(load), ...areas.map(loadText)]))[0]);
