import { page } from "../../frame/route.tsx";

export const watchingRoutes = [
  page({ path: "/watching", area: "watching", for: "member", load: () => import("./watching.tsx") }),
  page({ path: "/sellers/:id", area: "watching", load: () => import("./seller.tsx") }),
];
