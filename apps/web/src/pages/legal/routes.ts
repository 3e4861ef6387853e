import { page } from "../../frame/route.tsx";

export const legalRoutes = [
  page({ path: "/terms", area: "legal", load: () => import("./terms.tsx") }),
  page({ path: "/privacy", area: "legal", load: () => import("./privacy.tsx") }),
  page({ path: "/contact", area: "legal", load: () => import("./contact.tsx") }),
];
