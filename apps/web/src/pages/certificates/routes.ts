import { page } from "../../frame/route.tsx";

const own = () => import("./own.tsx");
const shown = () => import("./public.tsx");

export const certificateRoutes = [
  page({ path: "/certificates", area: "certificates", load: () => import("./registry.tsx") }),
  page({ path: "/keys", area: "keys", load: () => import("./keys.tsx") }),
  page({ path: "/certificates/:number", area: "paper", load: shown }),
  // Short, because it stands in QR codes.
  page({ path: "/c/:number", area: "paper", load: shown }),
  page({ path: "/owner/certificates", area: "certificates", for: "ev_owner", load: own }),
  page({ path: "/buyer/certificates", area: "certificates", for: "buyer", load: own }),
  page({
    path: "/cva/certificates",
    area: "certificates",
    for: ["cva", "admin"],
    load: () => import("./issued.tsx"),
  }),
];
