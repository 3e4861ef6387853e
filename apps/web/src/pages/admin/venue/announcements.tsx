import { Button, Card, type Column, EmptyState, Select, Table, TextArea, TextInput } from "@evx/ui";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure, FormFailure } from "../../../frame/failure.tsx";
import { LoadedPages } from "../../../frame/loaded.tsx";
import { Announced, Strip } from "../../../frame/notices.tsx";
import { setStanding } from "../../../frame/venue.ts";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { currentLocale } from "../../../lib/locale.ts";
import { notify } from "../../../lib/notify.ts";
import { serverNow } from "../../../lib/time.ts";

type Announcement = Answer<typeof api.venue.announcements>["items"][number];

const levels = ["info", "warning", "urgent"] as const;

/** A new announcement with its preview, and all that were made. */
export const Announcements = () => {
  const t = useText("venue");
  const client = useQueryClient();
  const refresh = async () => {
    setStanding(await api.venue.standing.fetch());
    await client.invalidateQueries({ queryKey: api.venue.announcements.key() });
  };
  return (
    <>
      <Card title={t("announce.title")} subtitle={t("announce.lead")}>
        <AnnounceForm onDone={refresh} />
      </Card>
      <Card title={t("list.title")}>
        <List onEnded={refresh} />
      </Card>
    </>
  );
};

const AnnounceForm = (props: { onDone: () => Promise<void> }) => {
  const t = useText("venue");
  const initial = { level: "info" as (typeof levels)[number], en: "", vi: "", from: "", until: "" };
  const form = createForm({
    initial,
    check: ({ en, vi, until }) => ({
      en: !en.trim() && t("announce.textCheck"),
      vi: !vi.trim() && t("announce.textCheck"),
      until: !until && t("announce.untilCheck"),
    }),
    submit: async ({ level, en, vi, from, until }) => {
      await api.venue.announce.call({
        level,
        en,
        vi,
        until: new Date(until).toISOString(),
        ...(from ? { from: new Date(from).toISOString() } : {}),
      });
      void notify.success(t("announce.sent"));
      for (const name of ["en", "vi", "from", "until"] as const) form.set(name, "");
      await props.onDone();
    },
  });
  const preview = () => form.values[currentLocale()].trim();
  const until = () => (form.values.until ? new Date(form.values.until) : null);
  return (
    <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
      <div class="grid gap-4 sm:grid-cols-2">
        <TextArea label={t("announce.en")} maxlength={300} {...form.text("en")} />
        <TextArea label={t("announce.vi")} maxlength={300} {...form.text("vi")} />
      </div>
      <div class="grid items-start gap-4 sm:grid-cols-3">
        <Select
          label={t("announce.level")}
          options={levels.map((value) => ({ value, label: t(`level.${value}`) }))}
          {...form.text("level")}
        />
        <TextInput
          type="datetime-local"
          label={t("announce.from")}
          hint={t("announce.fromHint")}
          {...form.text("from")}
          optional
        />
        <TextInput type="datetime-local" label={t("announce.until")} {...form.text("until")} required />
      </div>
      <Show when={preview()}>
        {(text) => (
          <div>
            <p class="mb-1 font-semibold">{t("announce.preview")}</p>
            <Strip tone={form.values.level}>
              <Announced text={text()} until={until()} />
            </Strip>
          </div>
        )}
      </Show>
      <FormFailure form={form} />
      <Button type="submit" class="justify-self-start" busy={form.busy()}>
        {t("announce.send")}
      </Button>
    </form>
  );
};

const stateOf = (one: Announcement): "shown" | "ahead" | "over" => {
  if (one.endedAt || new Date(one.until).getTime() <= serverNow()) return "over";
  return new Date(one.from).getTime() > serverNow() ? "ahead" : "shown";
};

const List = (props: { onEnded: () => Promise<void> }) => {
  const t = useText("venue");
  const f = useFormat();
  const [refused, setRefused] = createSignal<unknown>(null);
  const [busy, setBusy] = createSignal<string | null>(null);
  const list = useInfiniteQuery(api.venue.announcements.pageOptions(() => ({ limit: 25 })));
  const end = async (one: Announcement) => {
    setBusy(one.id);
    setRefused(null);
    try {
      await api.venue.endAnnouncement.call({ id: one.id });
      void notify.success(t("list.ended"));
    } catch (error) {
      setRefused(error);
    }
    await props.onEnded();
    setBusy(null);
  };
  const columns = (): Column<Announcement>[] => [
    {
      key: "text",
      header: t("list.text"),
      lead: true,
      cell: (one) => (
        <div class="max-w-md min-w-0 break-words">
          <span class="block">{one.text[currentLocale()]}</span>
          <span class="block text-xs text-muted">{t(`level.${one.level}`)}</span>
        </div>
      ),
    },
    {
      key: "period",
      header: t("list.period"),
      cell: (one) => `${f.dateTime(one.from)} – ${f.dateTime(one.endedAt ?? one.until)}`,
    },
    { key: "by", header: t("list.by"), cell: (one) => one.createdByName ?? "" },
    {
      key: "state",
      header: t("list.state"),
      cell: (one) => (
        <div class="flex flex-wrap items-center gap-3">
          <span>{t(`state.${stateOf(one)}`)}</span>
          <Show when={stateOf(one) !== "over"}>
            <Button size="sm" variant="secondary" busy={busy() === one.id} onClick={() => void end(one)}>
              {t("list.end")}
            </Button>
          </Show>
        </div>
      ),
    },
  ];
  return (
    <>
      <div aria-live="polite">
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      </div>
      <LoadedPages query={list}>
        {(rows) => (
          <Table
            caption={t("list.title")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={t("list.none")}>{t("list.noneBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </>
  );
};
