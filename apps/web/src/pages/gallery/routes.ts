import type { RouteDefinition } from "@solidjs/router";
import { page } from "../../frame/route.tsx";

/** Every component of the design system on one page, for looking at. Not part of a production build. */
export const galleryRoutes: RouteDefinition[] = import.meta.env.DEV
  ? [page({ path: "/_gallery", area: "frame", load: () => import("./gallery.tsx") })]
  : [];
