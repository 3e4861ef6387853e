import { DescriptionList, Dialog } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { SerialList } from "./serials.tsx";
import { goesOut, type Movement } from "./words.ts";

/** Everything that is known of one movement. */
export default function MovementDialog(props: { movement: Movement; onClose: () => void }) {
  const t = useText("credits");
  const f = useFormat();
  const items = () => [
    {
      label: t("column.amount"),
      value: `${goesOut(props.movement.type) ? "−" : "+"}${f.credits(props.movement.amount, { all: true })}`,
      strong: true,
    },
    { label: t("details.mass"), value: f.creditsMass(props.movement.amount) },
    { label: t("column.when"), value: f.dateTime(props.movement.createdAt) },
    ...(props.movement.counterparty
      ? [{ label: t("column.with"), value: props.movement.counterparty.name }]
      : []),
    ...(props.movement.note ? [{ label: t("details.note"), value: props.movement.note }] : []),
    {
      label: t("details.reference"),
      value: <code class="font-mono text-xs break-all">{props.movement.referenceId}</code>,
    },
  ];
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t(`type.${props.movement.type}`)}
      size="lg"
    >
      <DescriptionList items={items()} />
      <Show when={props.movement.serials.length > 0}>
        <h3 class="mt-4 mb-2 font-medium">{t("column.serials")}</h3>
        <SerialList serials={props.movement.serials} />
      </Show>
    </Dialog>
  );
}
