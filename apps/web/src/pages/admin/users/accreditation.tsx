import { Button, Card, Select, TextInput } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../../frame/failure.tsx";
import { Loaded } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { type Answer, api } from "../../../lib/api.ts";
import { notify } from "../../../lib/notify.ts";

type Known = Answer<typeof api.verification.certificates.accreditation>["accreditation"];

const assurances = ["limited", "reasonable"] as const;

/** What the public reads of an auditor: by whom they are accredited, and how sure they are. */
export const PersonAccreditation = (props: { userId: string }) => {
  const t = useText("people");
  const known = useQuery(
    api.verification.certificates.accreditation.queryOptions(() => ({ id: props.userId })),
  );
  return (
    <Card title={t("accreditation.title")} subtitle={t("accreditation.lead")}>
      <Loaded query={known}>{(data) => <Form userId={props.userId} known={data().accreditation} />}</Loaded>
    </Card>
  );
};

const Form = (props: { userId: string; known: Known }) => {
  const t = useText("people");
  const client = useQueryClient();
  const [body, setBody] = createSignal(props.known?.body ?? "");
  const [number, setNumber] = createSignal(props.known?.number ?? "");
  const [assurance, setAssurance] = createSignal(props.known?.assurance ?? "limited");
  const [until, setUntil] = createSignal(props.known?.validUntil ?? "");
  const [failed, setFailed] = createSignal<unknown>(null);
  const enter = async (event: SubmitEvent) => {
    event.preventDefault();
    setFailed(null);
    const facts = { body: body().trim(), number: number().trim(), assurance: assurance() };
    try {
      await api.verification.certificates.enterAccreditation.call({
        id: props.userId,
        ...facts,
        validUntil: until() || null,
      });
      await client.invalidateQueries({ queryKey: api.verification.certificates.accreditation.key() });
      notify.success(t("accreditation.done"));
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <form novalidate class="grid gap-4 sm:grid-cols-2" onSubmit={(event) => void enter(event)}>
      <TextInput label={t("accreditation.body")} value={body()} maxlength={200} onValue={setBody} />
      <TextInput label={t("accreditation.number")} value={number()} maxlength={100} onValue={setNumber} />
      <Select
        label={t("accreditation.assurance")}
        value={assurance()}
        options={assurances.map((value) => ({ value, label: t(`assurance.${value}`) }))}
        onValue={setAssurance}
      />
      <TextInput
        type="date"
        label={t("accreditation.until")}
        hint={t("accreditation.untilHint")}
        value={until()}
        onValue={setUntil}
      />
      <div class="sm:col-span-2">
        <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
        <Button type="submit" disabled={!body().trim() || !number().trim()}>
          {t("accreditation.enter")}
        </Button>
      </div>
    </form>
  );
};
