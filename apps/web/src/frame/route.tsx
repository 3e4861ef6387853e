import type { RouteDefinition, RouteSectionProps } from "@solidjs/router";
import type { Component } from "solid-js";
import type { AreaName } from "../i18n/areas.ts";
import type { Role } from "../lib/session.ts";
import { chunk } from "./chunk.ts";
import { Gate } from "./gate.tsx";

export type PageRoute = {
  path: string;
  /** The dictionaries its words are in; loaded beside its code. */
  area: AreaName | readonly AreaName[];
  load: () => Promise<{ default: Component<RouteSectionProps> }>;
  /** Who may see it; others are asked to sign in, or told whose page it is. Default: anyone. */
  for?: "anyone" | "member" | Role | readonly Role[];
  /** Reads to start beside the page's code: when it opens, and when a link to it is hovered. */
  preload?: RouteDefinition["preload"];
};

/** A page at an address, as its own chunk. */
export const page = (spec: PageRoute): RouteDefinition => {
  const names = typeof spec.area === "string" ? [spec.area] : spec.area;
  const Content = chunk(spec.load, ...names);
  const Guarded: Component<RouteSectionProps> & { preload?: () => Promise<unknown> } = (props) => (
    <Gate for={spec.for ?? "anyone"}>
      <Content {...props} />
    </Gate>
  );
  Guarded.preload = Content.preload;
  return { path: spec.path, component: Guarded, ...(spec.preload ? { preload: spec.preload } : {}) };
};
