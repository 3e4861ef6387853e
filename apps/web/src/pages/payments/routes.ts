import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const paymentRoutes = [
  page({ path: "/pay/:orderId", area: "payments", for: "member", load: () => import("./pay.tsx") }),
  page({
    path: "/owner/earnings",
    area: ["payments", "money"],
    for: "ev_owner",
    load: () => import("./earnings.tsx"),
    preload: () => void queryClient.prefetchInfiniteQuery(api.payments.withdrawals.pageOptions(() => ({}))()),
  }),
  page({
    path: "/buyer/balance",
    area: ["payments", "money"],
    for: "buyer",
    load: () => import("./earnings.tsx"),
  }),
  page({
    path: "/owner/statements",
    area: ["payments", "money"],
    for: "ev_owner",
    load: () => import("./statements.tsx"),
  }),
  page({
    path: "/admin/payments",
    area: ["payments", "money"],
    for: "admin",
    load: () => import("./admin.tsx"),
  }),
  page({
    path: "/admin/payments/:paymentId",
    area: ["payments", "money", "disputes"],
    for: "admin",
    load: () => import("./admin-payment.tsx"),
  }),
];
