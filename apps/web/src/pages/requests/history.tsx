import { Card, Steps } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

type Kind =
  | "submitted"
  | "claimed"
  | "released"
  | "question"
  | "answer"
  | "first_approval"
  | "approved"
  | "rejected";

/** What was said and done about a request, in order. */
export const History = (props: {
  messages: readonly { kind: string; who: string; body: string | null; at: string }[];
  class?: string;
}) => {
  const t = useText("review");
  const f = useFormat();
  return (
    <Card title={t("history.title")} class={props.class ?? ""}>
      <Steps
        label={t("history.title")}
        items={props.messages.map((message) => ({
          label: (
            <>
              {t(`history.${message.kind as Kind}`)}
              {message.body && (
                <span class="mt-0.5 block font-normal break-words whitespace-pre-line">{message.body}</span>
              )}
            </>
          ),
          note: `${message.who}, ${f.dateTime(message.at)}`,
          state: message.kind === "rejected" ? ("failed" as const) : ("done" as const),
        }))}
      />
    </Card>
  );
};
