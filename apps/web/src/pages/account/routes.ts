import { page } from "../../frame/route.tsx";

export const accountRoutes = [
  page({ path: "/account", area: "identity", for: "member", load: () => import("./account.tsx") }),
];
