import { page } from "../../frame/route.tsx";

export const homeRoutes = [
  page({ path: "/owner", area: "home", for: "ev_owner", load: () => import("./owner.tsx") }),
  page({ path: "/buyer", area: "home", for: "buyer", load: () => import("./buyer.tsx") }),
  page({ path: "/admin", area: "home", for: "admin", load: () => import("./admin.tsx") }),
];
