import { isId } from "@evx/kernel";
import { Button, Card, Notice, Select, TabNav, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useQueryClient } from "@tanstack/solid-query";
import { createEffect, createSignal, Show } from "solid-js";
import { Failure, FormFailure } from "../../../frame/failure.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { oneOf, readAs } from "../../../lib/asked.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { auditActions, useActionName } from "./actions-words.ts";
import { ProgramLines } from "./program-lines.tsx";
import { RequestSteps } from "./request-steps.tsx";
import { Trail } from "./trail.tsx";

type Search = {
  view?: string;
  action?: string;
  object?: string;
  level?: string;
  person?: string;
  request?: string;
};

const levels = ["notice", "security", "alarm"] as const;
const severities = ["warn", "error"] as const;

/** The one of a list that an address names. */
const among = <T extends string>(list: readonly T[], named: string | undefined): T | undefined =>
  list.find((one) => one === named);

/** What is asked of the log, as it stands in the address. */
const readFilter = (search: Search, programs: () => boolean) => {
  const short = (most: number) => (text: string) => (text.length <= most ? text : undefined);
  const asked = {
    action: readAs(search, "action", (text) => among<string>(auditActions, text)),
    object: readAs(search, "object", short(120)),
    level: readAs(search, "level", (text) => among<string>(programs() ? severities : levels, text)),
    person: readAs(search, "person", (text) => (isId("user", text) ? text : undefined)),
    request: readAs(search, "request", short(100)),
  };
  return { ...asked, any: () => Object.values(asked).some((one) => one() !== undefined) };
};

const fields = ["action", "object", "level", "person", "request"] as const;

/** A person's id, by itself or by their address. Null where nobody has it. */
const personOf = async (typed: string): Promise<string | null> => {
  if (typed.startsWith("usr_")) return typed;
  const { items } = await api.identity.users.search.fetch({ q: typed, limit: 2 });
  return (
    items.find(({ email }) => email === typed.toLowerCase())?.id ??
    (items.length === 1 ? (items[0]?.id ?? null) : null)
  );
};

export default function Log() {
  const t = useText("people");
  const audit = useText("audit");
  const named = useActionName();
  const actions = () =>
    auditActions
      .map((value) => ({ value: value as string, label: named(value) }))
      .sort((a, b) => a.label.localeCompare(b.label, f.locale()));
  const f = useFormat();
  const [search, setSearch] = useSearchParams<Search>();
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
  const view = oneOf(search, "view", ["programs"]);
  const programs = () => view() === "programs";
  const asked = readFilter(search, programs);
  const form = createForm({
    initial: {
      action: asked.action() ?? "",
      object: asked.object() ?? "",
      level: asked.level() ?? "",
      person: asked.person() ?? "",
      request: asked.request() ?? "",
    },
    submit: async (typed) => {
      const person = typed.person.trim() ? await personOf(typed.person.trim()) : null;
      setNobody(!!typed.person.trim() && person === null);
      if (nobody()) return;
      const given = (text: string) => text.trim() || undefined;
      setSearch({
        action: given(typed.action),
        object: given(typed.object),
        level: given(typed.level),
        person: person ?? undefined,
        request: given(typed.request),
      });
    },
  });
  const [nobody, setNobody] = createSignal(false);
  const requestLink = (id: string) =>
    `/admin/log?${new URLSearchParams({ ...(programs() ? { view: "programs" } : {}), request: id })}`;
  // A link, and the way back, fill the form, too.
  createEffect(() => {
    for (const name of fields) form.set(name, asked[name]() ?? "");
  });
  const levelOptions = () => [
    { value: "", label: t("level.all") },
    ...(programs()
      ? severities.map((value) => ({ value: value as string, label: t(`lines.${value}`) }))
      : levels.map((value) => ({ value: value as string, label: t(`level.${value}`) }))),
  ];

  return (
    <Page
      title={t("log.page")}
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
      <TabNav
        label={t("log.title")}
        items={[
          { href: "/admin/log", label: t("log.trail"), current: !programs() },
          { href: "/admin/log?view=programs", label: t("lines.title"), current: programs() },
        ]}
      />
      <div class="grid gap-6">
        <Show when={asked.request()}>{(id) => <RequestSteps requestId={id()} />}</Show>
        <Card>
          <form
            novalidate
            class="mb-3 grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-3"
            onSubmit={form.onSubmit}
          >
            <Select label={t("lines.level")} options={levelOptions()} {...form.text("level")} />
            <TextInput
              label={t("log.person")}
              hint={t("log.personHint")}
              {...form.text("person")}
              error={nobody() ? t("log.nobody") : undefined}
              autocapitalize="none"
            />
            <TextInput
              label={t("log.requestId")}
              hint={t("log.requestHint")}
              {...form.text("request")}
              autocapitalize="none"
            />
            <Show when={!programs()}>
              <Select
                label={t("log.action")}
                options={[{ value: "", label: audit("all") }, ...actions()]}
                {...form.text("action")}
              />
              <TextInput label={t("log.object")} {...form.text("object")} autocapitalize="none" />
            </Show>
            <div class="self-end">
              <Button type="submit" variant="secondary" busy={form.busy()}>
                {t("log.filter")}
              </Button>
            </div>
          </form>
          <FormFailure form={form} />
          <Show
            when={programs()}
            fallback={
              <Trail
                caption={t("log.title")}
                searched={asked.any()}
                filter={{
                  action: asked.action(),
                  object: asked.object(),
                  level: among(levels, asked.level()),
                  actorId: asked.person(),
                  requestId: asked.request(),
                }}
                requestLink={requestLink}
              />
            }
          >
            <ProgramLines
              filter={{
                level: among(severities, asked.level()),
                userId: asked.person(),
                requestId: asked.request(),
              }}
              requestLink={requestLink}
            />
          </Show>
        </Card>
      </div>
    </Page>
  );
}
