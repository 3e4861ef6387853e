import { Button, Card } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";

type Link = Parameters<typeof api.notifications.leave.call>[0];

/** Where a mail's link leads: what it is about, the end of it, and the way back. Nobody has to sign in. */
export default function Leave() {
  const t = useText("inbox");
  const params = useParams();
  const client = useQueryClient();
  const [busy, setBusy] = createSignal(false);
  const [failed, setFailed] = createSignal<unknown>(null);
  // The server says of a topic or a secret that is none what is wrong with it.
  const link = () => ({ token: params.token, topic: params.topic }) as Link;
  const state = useQuery(api.notifications.leaving.queryOptions(link));
  const put = async (wanted: boolean) => {
    setBusy(true);
    setFailed(null);
    const call = wanted ? api.notifications.comeBack : api.notifications.leave;
    await call.call(link()).catch(setFailed);
    await client.invalidateQueries({ queryKey: api.notifications.leaving.key() });
    setBusy(false);
  };
  return (
    <Page title={t("title")} narrow>
      <Loaded query={state}>
        {(data) => (
          <Card title={t("leave.title", { topic: t(`topic.${data().topic}`) })}>
            <div class="grid gap-4 text-sm" aria-live="polite">
              <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
              <p>{t(data().wanted ? "leave.wanted" : "leave.gone", { address: data().address })}</p>
              <div>
                <Button
                  variant={data().wanted ? "primary" : "secondary"}
                  busy={busy()}
                  onClick={() => void put(!data().wanted)}
                >
                  {t(data().wanted ? "leave.end" : "leave.back")}
                </Button>
              </div>
              <a class="text-accent hover:underline" href="/notifications">
                {t("leave.rest")}
              </a>
            </div>
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
