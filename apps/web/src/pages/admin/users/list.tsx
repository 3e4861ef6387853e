import {
  Button,
  Card,
  type Column,
  Dialog,
  EmptyState,
  Select,
  Stat,
  Stats,
  StatusDot,
  Table,
  TextInput,
  type Tone,
} from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, onCleanup, Show } from "solid-js";
import { FormFailure } from "../../../frame/failure.tsx";
import { Loaded, LoadedPages } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { oneOf } from "../../../lib/asked.ts";
import { createForm } from "../../../lib/form.ts";
import { useFormat } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { PersonActions } from "./actions.tsx";
import { type Person, PersonState, RoleName, roleNames } from "./words.tsx";

const proofTones: Record<Person["kycStatus"], Tone> = {
  none: "neutral",
  submitted: "info",
  verified: "positive",
  rejected: "negative",
};

/** What an operator looks for, and what the server is asked then. */
const asked = {
  any: {},
  active: { status: "active" },
  suspended: { status: "suspended" },
  unaccredited: { role: "cva", accredited: false },
  identity: { kycStatus: "submitted" },
} as const;
const states = ["active", "suspended", "unaccredited", "identity"] as const;

/** Roles in the order in which they are named everywhere. */
const inOrder = <Row extends { role: Person["role"] }>(rows: readonly Row[]): Row[] =>
  roleNames.flatMap((name) => rows.filter((row) => row.role === name));

export default function Users() {
  const t = useText("people");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ q?: string; role?: string; state?: string }>();
  const [creating, setCreating] = createSignal(false);
  const counts = useQuery(api.identity.users.counts.queryOptions());
  const role = oneOf(search, "role", roleNames);
  const state = oneOf(search, "state", states);
  const people = useInfiniteQuery(
    api.identity.users.search.pageOptions(() => ({
      limit: 25,
      ...(search.q ? { q: search.q } : {}),
      ...(role() ? { role: role() } : {}),
      ...asked[state() ?? "any"],
    })),
  );

  // Asked when the typing pauses, not at each letter.
  let pause: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(pause));
  const typed = (q: string) => {
    clearTimeout(pause);
    pause = setTimeout(() => setSearch({ q: q.trim() || undefined }, { replace: true }), 250);
  };

  const columns = (): Column<Person>[] => [
    {
      key: "person",
      header: t("column.person"),
      lead: true,
      cell: (person) => (
        <a href={`/admin/users/${person.id}`} class="block min-w-0 max-w-xs">
          <span class="block font-medium break-words">{person.fullName}</span>
          <span class="block text-xs break-all text-muted">{person.email}</span>
        </a>
      ),
    },
    { key: "role", header: t("column.role"), cell: (person) => <RoleName person={person} /> },
    { key: "state", header: t("column.state"), cell: (person) => <PersonState person={person} /> },
    {
      key: "identity",
      header: t("column.identity"),
      cell: (person) => (
        <StatusDot tone={proofTones[person.kycStatus]}>{t(`kyc.${person.kycStatus}`)}</StatusDot>
      ),
    },
    { key: "since", header: t("column.since"), cell: (person) => f.date(person.createdAt) },
    {
      key: "actions",
      header: t("column.actions"),
      hideHeader: true,
      align: "end",
      cell: (person) => <PersonActions person={person} />,
    },
  ];

  return (
    <Page
      title={t("users.title")}
      lead={t("users.lead")}
      actions={<Button onClick={() => setCreating(true)}>{t("users.create")}</Button>}
    >
      <Loaded query={counts}>
        {(data) => (
          <Stats class="mb-5">
            <For each={inOrder(data().items)}>
              {(row) => (
                <Stat
                  label={t(`roles.${row.role}`)}
                  value={f.number(row.people)}
                  note={
                    row.suspended > 0
                      ? t("users.suspendedCount", { count: f.number(row.suspended) })
                      : row.kycWaiting > 0
                        ? t.n("users.waiting", row.kycWaiting)
                        : undefined
                  }
                />
              )}
            </For>
          </Stats>
        )}
      </Loaded>
      <Card>
        <div class="mb-3 grid gap-3 sm:grid-cols-3">
          <TextInput label={t("users.search")} value={search.q ?? ""} onValue={typed} type="search" />
          <Select
            label={t("users.role")}
            value={role() ?? "all"}
            options={[
              { value: "all", label: t("users.anyRole") },
              ...roleNames.map((value) => ({ value, label: t(`role.${value}`) })),
            ]}
            onValue={(value) => setSearch({ role: value === "all" ? undefined : value })}
          />
          <Select
            label={t("users.state")}
            value={state() ?? "all"}
            options={[
              { value: "all" as string, label: t("users.anyState") },
              ...states.map((value) => ({ value, label: t(`state.${value}`) })),
            ]}
            onValue={(value) => setSearch({ state: value === "all" ? undefined : value })}
          />
        </div>
        <LoadedPages query={people}>
          {(rows) => (
            <Table
              caption={t("users.title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("users.none")}>{t("users.noneBody")}</EmptyState>}
            />
          )}
        </LoadedPages>
      </Card>
      <Show when={creating()}>
        <NewUser onClose={() => setCreating(false)} />
      </Show>
    </Page>
  );
}

const NewUser = (props: { onClose: () => void }) => {
  const t = useText("people");
  const client = useQueryClient();
  const form = createForm({
    initial: { fullName: "", email: "", role: "ev_owner" as string },
    check: ({ fullName, email }) => ({
      fullName: !fullName.trim() && t("check.name"),
      email: !email.includes("@") && t("check.email"),
    }),
    submit: async ({ fullName, email, role }) => {
      const chosen = roleNames.find((name) => name === role) ?? "ev_owner";
      await api.identity.users.create.call({ fullName, email, role: chosen });
      await client.invalidateQueries({ queryKey: api.identity.users.search.key() });
      await client.invalidateQueries({ queryKey: api.identity.users.counts.key() });
      props.onClose();
      void notify.success(t("users.created", { name: fullName }));
    },
  });
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("users.create")}
      description={t("users.invited")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextInput label={t("users.fullName")} {...form.text("fullName")} required />
        <TextInput
          label={t("users.email")}
          {...form.text("email")}
          type="email"
          autocapitalize="none"
          required
        />
        <Select
          label={t("users.role")}
          options={roleNames.map((value) => ({ value: value as string, label: t(`role.${value}`) }))}
          {...form.text("role")}
        />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("users.create")}
        </Button>
      </form>
    </Dialog>
  );
};
