import {
  Button,
  Card,
  ConfirmDialog,
  CopyText,
  Dialog,
  EmptyState,
  RadioCards,
  Select,
  TextInput,
} from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure, FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { focused } from "./focus.ts";
import { KeyList } from "./key-list.tsx";

type Key = Answer<typeof api.identity.apiKeys.list>["items"][number];

const accesses = {
  read: ["*:read"],
  write: ["*:write"],
  vehicles: ["vehicles:write", "imports:write", "fleet:write"],
} as const;
type Access = keyof typeof accesses;

/** Keys for scripts. */
export const Keys = () => {
  const t = useText("identity");
  const client = useQueryClient();
  const keys = useQuery(api.identity.apiKeys.list.queryOptions());
  const [making, setMaking] = createSignal(false);
  const [ending, setEnding] = createSignal<Key | null>(null);
  const [failed, setFailed] = createSignal<unknown>(null);
  const refresh = () => client.invalidateQueries({ queryKey: api.identity.apiKeys.list.key() });

  const end = async (key: Key) => {
    setFailed(null);
    try {
      await api.identity.apiKeys.end.call({ id: key.id });
      await refresh();
      void notify.info(t("keys.ended"));
    } catch (error) {
      setFailed(error);
      throw error;
    }
  };

  return (
    <Card
      title={t("keys.title")}
      subtitle={t("keys.lead")}
      actions={
        <Button variant="secondary" size="sm" onClick={() => setMaking(true)}>
          {t("keys.create")}
        </Button>
      }
    >
      <Loaded query={keys}>
        {(data) => (
          <Show
            when={data().items.length > 0}
            fallback={<EmptyState title={t("keys.none")}>{t("keys.noneBody")}</EmptyState>}
          >
            <KeyList keys={data().items} onEnd={setEnding} />
          </Show>
        )}
      </Loaded>
      <Show when={making()}>
        <NewKey onClose={() => setMaking(false)} onMade={refresh} />
      </Show>
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
            <p>{t("keys.endBody")}</p>
            <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
          </ConfirmDialog>
        )}
      </Show>
    </Card>
  );
};

const NewKey = (props: { onClose: () => void; onMade: () => Promise<unknown> }) => {
  const t = useText("identity");
  const [key, setKey] = createSignal<string | null>(null);
  const form = createForm({
    initial: { name: "", access: "read" as string, days: "90" },
    check: ({ name }) => ({ name: !name.trim() && t("check.name") }),
    submit: async ({ name, access, days }) => {
      const made = await api.identity.apiKeys.create.call({
        name,
        scopes: [...accesses[access as Access]],
        expiresInDays: Number(days),
      });
      setKey(made.key);
      await props.onMade();
    },
  });
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t(key() ? "keys.made" : "keys.create")}
      description={key() ? t("keys.madeBody") : undefined}
    >
      <Show
        when={key()}
        fallback={
          <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
            <TextInput label={t("keys.name")} {...form.text("name")} maxlength={60} required />
            <RadioCards
              label={t("keys.access")}
              showLabel
              value={form.values.access as Access}
              options={(["read", "write", "vehicles"] as const).map((value) => ({
                value,
                label: t(`keys.${value}`),
              }))}
              onValue={(value) => form.set("access", value)}
            />
            <Select
              label={t("keys.days")}
              options={["30", "90", "365"].map((days) => ({
                value: days,
                label: t("keys.daysCount", { days }),
              }))}
              {...form.text("days")}
            />
            <FormFailure form={form} />
            <Button type="submit" wide busy={form.busy()}>
              {t("keys.create")}
            </Button>
          </form>
        }
      >
        {(text) => (
          <div class="grid gap-4">
            <CopyText text={text()} label={t("keys.made")} />
            <Button wide ref={focused} onClick={props.onClose}>
              {t("keys.done")}
            </Button>
          </div>
        )}
      </Show>
    </Dialog>
  );
};
