import { page } from "../../frame/route.tsx";

const area = "fleet";

export const fleetRoutes = [
  page({ path: "/owner/fleet", area, for: "ev_owner", load: () => import("./fleet.tsx") }),
  page({
    path: "/owner/fleet/import",
    area: [area, "vehicles"],
    for: "ev_owner",
    load: () => import("./import-trips.tsx"),
  }),
  page({ path: "/owner/submissions/:id", area, for: "ev_owner", load: () => import("./submission.tsx") }),
  page({ path: "/driving", area, for: "member", load: () => import("./driving.tsx") }),
  page({ path: "/driving/join/:id", area, for: "member", load: () => import("./join.tsx") }),
];
