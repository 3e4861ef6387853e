import { Button, Card } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Loaded } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { flat, isValue } from "./fields.ts";
import { RuleForm } from "./rule-form.tsx";
import { useFieldName, useShown } from "./shown.ts";
import { ruleKey } from "./words.ts";

type Rule = Answer<typeof api.rules.list>["items"][number];

/** Every business rule as it holds now, each with its form and its versions. */
export default function Rules() {
  const t = useText("rules");
  const list = useQuery(api.rules.list.queryOptions());
  // Amounts of rules are of the venue's one currency.
  const terms = useQuery(api.marketplace.listings.terms.queryOptions());
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded query={list}>
        {(data) => (
          <Loaded query={terms}>
            {(venue) => (
              <div class="grid gap-6">
                <For each={data().items}>
                  {(rule) => <RuleCard rule={rule} currency={venue().currency} />}
                </For>
              </div>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

const RuleCard = (props: { rule: Rule; currency: string }) => {
  const t = useText("rules");
  const f = useFormat();
  const client = useQueryClient();
  const [open, setOpen] = createSignal(false);
  const value = () => (isValue(props.rule.value) ? flat(props.rule.value) : {});
  const shown = useShown(() => props.currency);
  const standing = () =>
    props.rule.from
      ? `${t("version", { version: props.rule.version })}, ${t("since", { date: f.date(props.rule.from) })}`
      : t("initial");
  const title = () => {
    const key = ruleKey(props.rule.name);
    return key ? t(key) : props.rule.name;
  };
  const label = useFieldName();
  return (
    <Card
      title={title()}
      subtitle={standing()}
      actions={
        <Button size="sm" variant="secondary" aria-expanded={open()} onClick={() => setOpen((was) => !was)}>
          {t(open() ? "close" : "change")}
        </Button>
      }
    >
      <Show
        when={open()}
        fallback={
          <dl class="grid gap-x-8 gap-y-1 sm:grid-cols-2">
            <For each={Object.entries(value())}>
              {([field, held]) => (
                <div class="flex flex-wrap justify-between gap-x-4">
                  <dt class="text-muted">{label(field)}</dt>
                  <dd class="ms-auto min-w-0 text-end font-semibold wrap-anywhere" data-figure>
                    {shown(field, held)}
                  </dd>
                </div>
              )}
            </For>
          </dl>
        }
      >
        <RuleForm
          name={props.rule.name}
          value={value()}
          currency={props.currency}
          onDone={() => {
            setOpen(false);
            for (const read of [api.rules.list, api.rules.byName, api.rules.preview])
              void client.invalidateQueries({ queryKey: read.key() });
          }}
        />
      </Show>
    </Card>
  );
};
