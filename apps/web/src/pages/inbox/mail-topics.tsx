import { Card, Checkbox } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { For } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { notify } from "../../lib/notify.ts";

/** Which e-mails a person wants, by topic. */
export const MailTopics = () => {
  const t = useText("inbox");
  const client = useQueryClient();
  const preferences = useQuery(api.notifications.preferences.queryOptions());
  const set = async (
    topic: Parameters<typeof api.notifications.setPreference.call>[0]["topic"],
    email: boolean,
  ) => {
    await api.notifications.setPreference.call({ topic, email });
    await client.invalidateQueries({ queryKey: api.notifications.preferences.key() });
    void notify.success(t("mail.saved"));
  };
  return (
    <section class="mt-8" aria-labelledby="mail-topics">
      <h2 id="mail-topics" class="text-base font-semibold">
        {t("mail.title")}
      </h2>
      <p class="mb-3 mt-1 text-sm text-muted">{t("mail.lead")}</p>
      <Card>
        <Loaded query={preferences}>
          {(data) => (
            <div class="grid gap-3">
              <For each={data().items}>
                {({ topic, email }) => (
                  <Checkbox
                    label={t(`topic.${topic}`)}
                    checked={email}
                    onChecked={(wanted) => void set(topic, wanted)}
                  />
                )}
              </For>
            </div>
          )}
        </Loaded>
      </Card>
    </section>
  );
};
