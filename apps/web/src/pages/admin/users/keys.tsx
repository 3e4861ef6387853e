import { Card, ConfirmDialog } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../../frame/failure.tsx";
import { Loaded } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { notify } from "../../../lib/notify.ts";
import { KeyList } from "../../account/key-list.tsx";

type Key = Answer<typeof api.identity.users.keys>["items"][number];

/** A person's keys for scripts, and what ends one: it is refused from that moment, and a letter tells them. */
export const PersonKeys = (props: { userId: string }) => {
  const t = useText("people");
  const client = useQueryClient();
  const keys = useQuery(api.identity.users.keys.queryOptions(() => ({ id: props.userId })));
  const [ending, setEnding] = createSignal<Key | null>(null);
  const [failed, setFailed] = createSignal<unknown>(null);

  const end = async (key: Key) => {
    setFailed(null);
    try {
      await api.identity.users.endKey.call({ userId: props.userId, id: key.id });
    } catch (error) {
      setFailed(error);
      throw error;
    }
    for (const read of [api.identity.users.keys, api.identity.audit.list])
      await client.invalidateQueries({ queryKey: read.key() });
    void notify.success(t("keys.ended", { name: key.name }));
  };

  return (
    <Card title={t("keys.title")}>
      <Loaded query={keys}>
        {(data) => (
          <Show when={data().items.length > 0} fallback={<p class="text-muted">{t("keys.none")}</p>}>
            <KeyList keys={data().items} onEnd={setEnding} />
          </Show>
        )}
      </Loaded>
      <Show when={ending()}>
        {(key) => (
          <ConfirmDialog
            open
            onOpen={(open) => !open && setEnding(null)}
            title={t("keys.endTitle", { name: key().name })}
            confirm={t("keys.end")}
            cancel={t("cancel")}
            danger
            onConfirm={() => end(key())}
          >
            <div class="grid gap-4">
              <p>{t("keys.endBody")}</p>
              <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
            </div>
          </ConfirmDialog>
        )}
      </Show>
    </Card>
  );
};
