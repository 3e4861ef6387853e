import { page } from "../../frame/route.tsx";

export const kycRoutes = [
  page({ path: "/cva/kyc", area: "people", for: ["cva", "admin"], load: () => import("./queue.tsx") }),
];
