import { useQuery } from "@tanstack/solid-query";
import { createMemo } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { bidderNames } from "./bidder-names.ts";
import { useMyBid } from "./my-bid.ts";
import type { Detail } from "./words.ts";

/** Whom to call what in an auction: "You" for the reader, a made-up name for everybody else. */
export const useBidders = (id: () => Detail["id"], leader: () => string | null | undefined) => {
  const t = useText("listing");
  const mine = useMyBid(id);
  const latest = useQuery(api.marketplace.bids.latest.queryOptions(() => ({ id: id() })));
  const names = createMemo(() => {
    const colours = t("auction.colours").split("|");
    const birds = t("auction.birds").split("|");
    const all = birds.flatMap((bird) => colours.map((colour) => t("auction.named", { bird, colour })));
    const bids = latest.isSuccess ? latest.data.items : [];
    return bidderNames([leader() ?? "", ...bids.flatMap((bid) => [bid.bidder, bid.leader])], all);
  });
  return (mask: string): string =>
    mask === mine()?.mask ? t("auction.you") : (names().get(mask) ?? t("auction.bidder", { mask }));
};
