import { Button, Card } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { isUnchosen, ownZone } from "../../lib/zones.ts";

/** Asks for the mail of each month, or ends it: the same switch as among the notifications. */
export const Monthly = () => {
  const t = useText("reports");
  const client = useQueryClient();
  const preferences = useQuery(api.notifications.preferences.queryOptions());
  const set = async (email: boolean) => {
    // The mail's month is one of the zone that this page counts in.
    const { manner } = await api.notifications.ways.fetch();
    if (email && isUnchosen(manner)) await api.notifications.setManner.call({ ...manner, zone: ownZone() });
    await api.notifications.setPreference.call({ topic: "reports", email });
    await client.invalidateQueries({ queryKey: api.notifications.preferences.key() });
  };
  return (
    <Card class="mt-7" title={t("mail.title")} subtitle={t("mail.lead")}>
      <Loaded query={preferences}>
        {(data) => {
          const on = () => data().items.some(({ topic, email }) => topic === "reports" && email);
          return (
            <div class="flex flex-wrap items-center gap-4 text-sm">
              <Show when={on()}>
                <span>{t("mail.on")}</span>
              </Show>
              <Button variant="secondary" size="sm" onClick={() => void set(!on())}>
                {on() ? t("mail.stop") : t("mail.start")}
              </Button>
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
};
