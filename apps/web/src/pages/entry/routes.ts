import { page } from "../../frame/route.tsx";

export const entryRoutes = [
  page({ path: "/sign-in", area: "entry", load: () => import("./sign-in.tsx") }),
  page({ path: "/sign-up", area: "entry", load: () => import("./sign-up.tsx") }),
  page({ path: "/confirm-sign-up", area: ["entry", "recover"], load: () => import("./confirm-sign-up.tsx") }),
  page({ path: "/forgot-password", area: ["entry", "recover"], load: () => import("./forgot-password.tsx") }),
  page({ path: "/reset-password", area: ["entry", "recover"], load: () => import("./reset-password.tsx") }),
  page({ path: "/verify-email", area: "recover", load: () => import("./verify-email.tsx") }),
];
