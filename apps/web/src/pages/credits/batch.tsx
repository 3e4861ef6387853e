import { Skeleton } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Known } from "./known.tsx";

/** What the registry tells of it, under the sentence that answers first. */
const BatchBody = part(() => import("./batch-body.tsx"), "min-h-[36rem]");

/** One batch, for everybody: what it was issued for and where its grams are now. */
export default function BatchPage() {
  const t = useText("credits");
  const f = useFormat();
  const params = useParams<{ number: string }>();
  const batch = useQuery(api.credits.registry.batch.queryOptions(() => ({ number: params.number })));
  return (
    <Page
      title={t("batch.title", { number: params.number.replace(/\D/g, "").padStart(6, "0") })}
      above={
        <a class="hover:text-ink hover:underline" href="/registry">
          {t("batch.back")}
        </a>
      }
      lead={
        <Show
          when={batch.isSuccess && batch.data}
          fallback={batch.isPending && <Skeleton class="h-5 w-72 max-w-full" />}
        >
          {(row) => (
            <>
              {t("batch.lead", {
                amount: f.credits(row().issued),
                trips: f.number(row().tripCount),
                name: row().cvaName,
              })}
            </>
          )}
        </Show>
      }
    >
      <Known query={batch} missing="batch_not_found">
        {(row) => <BatchBody row={row()} number={params.number} />}
      </Known>
    </Page>
  );
}
