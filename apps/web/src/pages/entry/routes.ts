import { page } from "../../frame/route.tsx";

export const entryRoutes = [
  page({ path: "/sign-in", area: "entry", load: () => import("./sign-in.tsx") }),
  page({ path: "/sign-up", area: "entry", load: () => import("./sign-up.tsx") }),
];
