import { Card, EmptyState, LinkButton } from "@evx/ui";
import type { UseQueryResult } from "@tanstack/solid-query";
import { type Accessor, type JSX, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";

/** What the registry knows of a number. That nobody has it, code `missing`, is an answer and not a failure. */
export const Known = <T,>(props: {
  query: UseQueryResult<T, ApiError>;
  missing: string;
  children: (data: Accessor<NonNullable<T>>) => JSX.Element;
}) => {
  const t = useText("credits");
  const unknown = () => props.query.isError && apiError(props.query.error).code === props.missing;
  return (
    <Show when={unknown()} fallback={<Loaded query={props.query}>{props.children}</Loaded>}>
      <Card>
        <EmptyState
          title={t("registry.none")}
          action={
            <LinkButton variant="secondary" href="/registry">
              {t("batch.back")}
            </LinkButton>
          }
        >
          {apiError(props.query.error).message}
        </EmptyState>
      </Card>
    </Show>
  );
};
