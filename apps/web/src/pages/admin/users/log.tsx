import { Button, Card, Notice, Select, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { auditActions, useActionName } from "./actions-words.ts";
import { Trail } from "./trail.tsx";

export default function Log() {
  const t = useText("people");
  const audit = useText("audit");
  const named = useActionName();
  const actions = () =>
    auditActions
      .map((value) => ({ value: value as string, label: named(value) }))
      .sort((a, b) => a.label.localeCompare(b.label, f.locale()));
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ action?: string; object?: string }>();
  const [verdict, setVerdict] = createSignal<Answer<typeof api.identity.audit.verify> | null>(null);
  const [failed, setFailed] = createSignal<unknown>(null);
  const client = useQueryClient();
  const [busy, setBusy] = createSignal(false);

  const verify = async () => {
    setBusy(true);
    setFailed(null);
    const { queryKey, queryFn } = api.identity.audit.verify.queryOptions(() => ({}))();
    await client.fetchQuery({ queryKey, queryFn, staleTime: 0 }).then(setVerdict, setFailed);
    setBusy(false);
  };
  const form = createForm({
    initial: { action: search.action ?? "", object: search.object ?? "" },
    submit: async ({ action, object }) => {
      setSearch({ action: action.trim() || undefined, object: object.trim() || undefined });
    },
  });

  return (
    <Page
      title={t("log.title")}
      lead={t("log.lead")}
      actions={
        <Button busy={busy()} onClick={verify}>
          {t("log.verify")}
        </Button>
      }
    >
      <div aria-live="polite">
        <Show when={verdict()}>
          {(found) => (
            <Notice class="mb-4" tone={found().whole ? "positive" : "negative"}>
              {found().whole
                ? t("log.whole", { rows: f.number(Number(found().rows)) })
                : t("log.broken", {
                    count: f.number(found().broken.length),
                    chain: String(found().broken[0]?.chain ?? ""),
                    seq: found().broken[0]?.seq ?? "",
                  })}
            </Notice>
          )}
        </Show>
        <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
      </div>
      <Card>
        <form novalidate class="mb-3 flex flex-wrap items-end gap-3" onSubmit={form.onSubmit}>
          <Select
            class="w-full sm:w-72"
            label={t("log.action")}
            options={[{ value: "", label: audit("all") }, ...actions()]}
            {...form.text("action")}
          />
          <TextInput
            class="w-full sm:w-72"
            label={t("log.object")}
            {...form.text("object")}
            autocapitalize="none"
          />
          <Button type="submit" variant="secondary">
            {t("log.filter")}
          </Button>
        </form>
        <Trail
          caption={t("log.title")}
          searched={!!(search.action || search.object)}
          filter={{ action: search.action, object: search.object }}
        />
      </Card>
    </Page>
  );
}
