import { Badge, Button, Card } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { deviceOf } from "../../lib/device.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

/** Where a person is signed in, and how to end it. */
export const Sessions = () => {
  const t = useText("identity");
  const f = useFormat();
  const client = useQueryClient();
  const sessions = useQuery(api.identity.account.sessions.queryOptions());
  const [busy, setBusy] = createSignal("");
  const [failed, setFailed] = createSignal<unknown>(null);

  const end = async (name: string, call: () => Promise<unknown>) => {
    setBusy(name);
    setFailed(null);
    try {
      await call();
      await client.invalidateQueries({ queryKey: api.identity.account.sessions.key() });
      void notify.success(t("sessions.ended"));
    } catch (error) {
      setFailed(error);
    } finally {
      setBusy("");
    }
  };

  return (
    <Card title={t("sessions.title")}>
      <Loaded query={sessions}>
        {(data) => (
          <>
            <ul class="divide-y divide-line">
              <For each={data().items}>
                {(session) => (
                  <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
                    <div class="min-w-0">
                      <p class="flex flex-wrap items-center gap-2 font-medium break-words">
                        {deviceOf(session.userAgent) ?? t("sessions.unknown")}
                        <Show when={session.current}>
                          <Badge tone="accent">{t("sessions.this")}</Badge>
                        </Show>
                      </p>
                      <p class="text-[0.8125rem] text-muted" data-figure>
                        {t(`sessions.${session.kind}`)}, {session.ip},{" "}
                        {t("sessions.lastUsed", { when: f.relative(session.lastUsedAt) })}
                      </p>
                    </div>
                    <Show when={!session.current}>
                      <Button
                        variant="secondary"
                        size="sm"
                        busy={busy() === session.id}
                        onClick={() =>
                          end(session.id, () => api.identity.account.endSession.call({ id: session.id }))
                        }
                      >
                        {t("sessions.end")}
                      </Button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
            <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
            <Show when={data().items.length > 1}>
              <Button
                class="mt-2"
                variant="secondary"
                size="sm"
                busy={busy() === "all"}
                onClick={() => end("all", () => api.identity.account.endSessions.call({}))}
              >
                {t("sessions.endOthers")}
              </Button>
            </Show>
          </>
        )}
      </Loaded>
    </Card>
  );
};
