import { Button } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";

type ListingId = Answer<typeof api.marketplace.listings.byId>["id"];

/** Keeps an eye on a listing: its watcher hears of a new price and of its end. */
export default function WatchButton(props: { listingId: ListingId }) {
  const t = useText("watching");
  const client = useQueryClient();
  const [busy, setBusy] = createSignal(false);
  const watching = useQuery(api.marketplace.listings.isWatched.queryOptions(() => ({ id: props.listingId })));
  const on = () => watching.isSuccess && watching.data.on;
  const turn = async () => {
    setBusy(true);
    try {
      await api.marketplace.listings.keepWatch.call({ id: props.listingId, on: !on() });
      await client.invalidateQueries({ queryKey: api.marketplace.listings.isWatched.key() });
      await client.invalidateQueries({ queryKey: api.marketplace.listings.watched.key() });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button variant="secondary" aria-pressed={on()} busy={busy()} onClick={() => void turn()}>
        {on() ? t("watch.stop") : t("watch.start")}
      </Button>
      <Show when={on()}>
        <p class="mt-1 text-xs text-muted">{t("watch.told")}</p>
      </Show>
    </div>
  );
}
