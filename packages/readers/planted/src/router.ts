import { router } from "@evx/rpc";

export const plantedRouter = router({});
