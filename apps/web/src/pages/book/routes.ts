import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const bookRoutes = [
  page({
    path: "/book",
    area: "book",
    load: () => import("./book.tsx"),
    preload: () => void queryClient.prefetchQuery(api.marketplace.book.read.queryOptions()()),
  }),
];
