import { page } from "../../frame/route.tsx";

export const wantedRoutes = [
  page({ path: "/buyer/wanted", area: "wanted", for: "buyer", load: () => import("./wanted.tsx") }),
];
