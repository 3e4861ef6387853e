import { page } from "../../frame/route.tsx";

export const inboxRoutes = [
  page({ path: "/notifications", area: "inbox", for: "member", load: () => import("./inbox.tsx") }),
  page({ path: "/unsubscribe/:token/:topic", area: "inbox", load: () => import("./leave.tsx") }),
  page({ path: "/admin/messages", area: "inbox", for: "admin", load: () => import("./undelivered.tsx") }),
];
