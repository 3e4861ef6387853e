import { Button, Card, Notice } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { notify } from "../../lib/notify.ts";

export type Ways = Answer<typeof api.notifications.ways>;
type Preference = Answer<typeof api.notifications.preferences>["items"][number];

const channels = ["email", "push", "sms"] as const;

/** Of what a person is told by which way. */
export const Topics = (props: { ways: Ways; onWays: (ways: Ways) => void }) => {
  const t = useText("inbox");
  const client = useQueryClient();
  const preferences = useQuery(api.notifications.preferences.queryOptions());
  const set = async (
    topic: Preference["topic"],
    wanted: Partial<Record<(typeof channels)[number], boolean>>,
  ) => {
    await api.notifications.setPreference.call({ topic, ...wanted });
    await client.invalidateQueries({ queryKey: api.notifications.preferences.key() });
    void notify.success(t("saved"));
  };
  const possible = () => ({
    email: true,
    push: props.ways.push.devices.length > 0,
    sms: props.ways.sms.phone?.confirmed ?? false,
  });
  return (
    <Card title={t("mail.title")} subtitle={t("mail.lead")}>
      <Show when={props.ways.email.stopped}>
        {(stopped) => (
          <div class="mb-4">
            <Notice tone="warning">
              <p class="wrap-anywhere">
                {stopped().kind === "bounced"
                  ? t("email.bounced", { address: props.ways.email.address, reason: stopped().reason })
                  : t("email.complained", { address: props.ways.email.address })}
              </p>
              <Button
                variant="secondary"
                size="sm"
                class="mt-2"
                onClick={() => void api.notifications.mailAgain.call().then(props.onWays)}
              >
                {t("email.again")}
              </Button>
            </Notice>
          </div>
        )}
      </Show>
      <Loaded query={preferences}>
        {(data) => (
          <table class="w-full text-sm">
            <thead>
              <tr class="text-xs text-muted">
                <td />
                <For each={channels}>
                  {(channel) => (
                    <th scope="col" class="w-14 pb-2 text-center font-medium sm:w-20">
                      {t(`channel.${channel}`)}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody class="divide-y divide-line">
              <For each={data().items}>
                {(row) => (
                  <tr>
                    <th scope="row" class="py-2 pe-2 text-start font-normal">
                      {t(`topic.${row.topic}`)}
                    </th>
                    <For each={channels}>
                      {(channel) => (
                        <td class="text-center">
                          <label class="inline-grid place-items-center max-sm:-m-3 max-sm:size-11">
                            <input
                              type="checkbox"
                              class="size-4 accent-accent disabled:opacity-40"
                              aria-label={`${t(`topic.${row.topic}`)}: ${t(`channel.${channel}`)}`}
                              checked={row[channel] && possible()[channel]}
                              disabled={!possible()[channel]}
                              onChange={(event) =>
                                void set(row.topic, { [channel]: event.currentTarget.checked })
                              }
                            />
                          </label>
                        </td>
                      )}
                    </For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </Loaded>
    </Card>
  );
};
