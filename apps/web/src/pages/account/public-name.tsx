import { Button, Card, RadioCards, Skeleton, TextInput } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";

type Chosen = Answer<typeof api.identity.publicName>["publicName"];

const kinds = ["pseudonym", "name", "company"] as const;
type Kind = (typeof kinds)[number];

/** How certificates and the registry name somebody: a pseudonym until they choose otherwise. */
export const PublicName = () => {
  const t = useText("identity");
  const chosen = useQuery(api.identity.publicName.queryOptions());
  return (
    <Card title={t("public.title")} subtitle={t("public.lead")}>
      <Loaded query={chosen} skeleton={<Skeleton lines={4} />}>
        {(data) => <Choice chosen={data().publicName} />}
      </Loaded>
    </Card>
  );
};

const Choice = (props: { chosen: Chosen }) => {
  const t = useText("identity");
  const client = useQueryClient();
  const form = createForm({
    initial: {
      kind: props.chosen.kind as string,
      name: props.chosen.name ?? "",
      lei: props.chosen.lei ?? "",
    },
    check: ({ kind, name }) => ({ name: kind !== "pseudonym" && !name.trim() && t("check.name") }),
    submit: async ({ kind, name, lei }) => {
      await api.identity.choosePublicName.call(
        kind === "company"
          ? { kind, name, lei: lei.trim() || null }
          : kind === "name"
            ? { kind, name }
            : { kind: "pseudonym" },
      );
      await client.invalidateQueries({ queryKey: api.identity.publicName.key() });
      void notify.success(t("saved"));
    },
  });
  return (
    <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
      <p class="min-w-0 text-sm">
        <span class="text-muted">{t("public.now")}: </span>
        <strong class="font-medium break-words">{props.chosen.shown}</strong>
      </p>
      <RadioCards
        label={t("public.kind")}
        showLabel={false}
        value={form.values.kind as Kind}
        options={kinds.map((value) => ({
          value,
          label: t(`public.${value}`),
          hint: t(`public.${value}Hint`, { name: props.chosen.pseudonym }),
        }))}
        onValue={(value) => form.set("kind", value)}
      />
      <Show when={form.values.kind !== "pseudonym"}>
        <TextInput
          label={t(form.values.kind === "company" ? "public.companyField" : "public.nameField")}
          {...form.text("name")}
          autocomplete={form.values.kind === "company" ? "organization" : "nickname"}
          maxlength={120}
          required
        />
      </Show>
      <Show when={form.values.kind === "company"}>
        <TextInput
          label={t("public.lei")}
          hint={t("public.leiHint")}
          {...form.text("lei")}
          autocapitalize="characters"
          maxlength={30}
          optional
        />
      </Show>
      <FormFailure form={form} />
      <div>
        <Button type="submit" busy={form.busy()}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
};
