import { page } from "../../frame/route.tsx";

export const inboxRoutes = [
  page({ path: "/notifications", area: "inbox", for: "member", load: () => import("./inbox.tsx") }),
];
