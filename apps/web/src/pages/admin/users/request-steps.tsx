import { Badge, Card, type Column, EmptyState, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Loaded } from "../../../frame/loaded.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { useFormat } from "../../../lib/format.ts";
import { type Step, StepState, StepWhat } from "./step-words.tsx";

/** All that one request did and left to be done, in its order: what it changed, its jobs, what people were told. */
export const RequestSteps = (props: { requestId: string }) => {
  const t = useText("people");
  const f = useFormat();
  const trace = useQuery(api.jobs.trace.queryOptions(() => ({ requestId: props.requestId })));
  const columns = (): Column<Step>[] => [
    { key: "what", header: t("steps.what"), lead: true, cell: (step) => <StepWhat step={step} /> },
    { key: "where", header: t("steps.where"), cell: (step) => <Badge>{t(`steps.${step.where}`)}</Badge> },
    { key: "state", header: t("steps.state"), cell: (step) => <StepState step={step} /> },
    { key: "when", header: t("log.when"), cell: (step) => f.dateTime(step.at) },
  ];
  return (
    <Card title={t("steps.title")} subtitle={<span class="font-mono break-all">{props.requestId}</span>}>
      <Loaded query={trace}>
        {(data) => (
          <Table
            caption={t("steps.title")}
            columns={columns()}
            rows={data().steps}
            empty={<EmptyState title={t("steps.none")}>{t("steps.noneBody")}</EmptyState>}
          />
        )}
      </Loaded>
    </Card>
  );
};
