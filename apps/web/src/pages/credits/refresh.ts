import type { QueryClient } from "@tanstack/solid-query";
import { api } from "../../lib/api.ts";

/** Reads anew all that a movement of credits changes. */
export const walletMoved = (client: QueryClient): Promise<unknown> =>
  Promise.all(
    [
      api.credits.wallet.key(),
      api.credits.history.key(),
      api.credits.lots.key(),
      api.credits.provenance.key(),
      api.credits.retirements.key(),
      api.credits.registry.totals.key(),
      api.credits.registry.retirements.key(),
    ].map((queryKey) => client.invalidateQueries({ queryKey })),
  );
