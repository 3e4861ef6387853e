import { skipToken, useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Row } from "./words.ts";

/** A row's price beside what past sales suggest: asked once for its whole `page`. Silent where nothing honest can be said. */
export default function BesideMarket(props: { id: Row["id"]; page: readonly Row["id"][] }) {
  const t = useText("marketplace");
  const f = useFormat();
  const query = useQuery(
    api.pricing.fair
      .with({ staleTime: 60_000 })
      .queryOptions(() => (props.page.length > 0 ? { listingIds: [...props.page] } : skipToken)),
  );
  const found = () =>
    query.isSuccess ? query.data.items.find(({ listingId }) => listingId === props.id) : undefined;
  return (
    <Show when={found()}>
      {(fair) => (
        <>
          {fair().verdict === "fair"
            ? t("row.fair")
            : t(`row.${fair().verdict}`, { share: f.percent(Math.abs(fair().share)) })}
        </>
      )}
    </Show>
  );
}
