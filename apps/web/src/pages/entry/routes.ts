import { page } from "../../frame/route.tsx";

export const entryRoutes = [
  page({ path: "/sign-in", area: "entry", load: () => import("./sign-in.tsx") }),
  page({ path: "/sign-up", area: "entry", load: () => import("./sign-up.tsx") }),
  page({ path: "/confirm-sign-up", area: "entry", load: () => import("./confirm-sign-up.tsx") }),
  page({ path: "/forgot-password", area: "entry", load: () => import("./forgot-password.tsx") }),
  page({ path: "/reset-password", area: "entry", load: () => import("./reset-password.tsx") }),
  page({ path: "/verify-email", area: "entry", load: () => import("./verify-email.tsx") }),
];
