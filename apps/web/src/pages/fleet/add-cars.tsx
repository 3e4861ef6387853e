import { LinkButton, Notice } from "@evx/ui";
import { createSignal, For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { api } from "../../lib/api.ts";
import { FileDialog } from "./file-dialog.tsx";

type Added = Awaited<ReturnType<typeof api.fleet.addCars.call>>;

/** Adds cars from a file, and names every row that cannot be one. */
export default function AddCars(props: { onClose: () => void; onDone: () => void }) {
  const t = useText("fleet");
  const [added, setAdded] = createSignal<Added | null>(null);
  return (
    <FileDialog<Added>
      title={t("cars.title")}
      lead={t("cars.lead")}
      drop={t("cars.drop")}
      hint={t("cars.hint")}
      accept=".csv,.xlsx,.txt"
      path={() => "/api/fleet/vehicles"}
      before={
        <LinkButton variant="secondary" rel="external" href="/api/fleet/vehicles/template.csv" download="">
          {t("cars.template")}
        </LinkButton>
      }
      onAnswer={(answer) => {
        setAdded(answer);
        props.onDone();
      }}
      onClose={props.onClose}
    >
      <Show when={added()}>
        {(answer) => (
          <>
            <Notice tone={answer().created > 0 ? "positive" : "info"}>
              {t.n("cars.created", answer().created)}{" "}
              <Show when={answer().known > 0}>{t.n("cars.known", answer().known)}</Show>
            </Notice>
            <Show when={answer().rejected.length > 0}>
              <div class="grid gap-1 text-sm">
                <p class="font-medium">{t("cars.rejected")}</p>
                <ul class="max-h-64 overflow-y-auto text-muted">
                  <For each={answer().rejected}>
                    {(problem) => (
                      <li class="break-words">
                        {problem.column === null
                          ? t("cars.row", { row: String(problem.row), reason: problem.reason })
                          : t("cars.cell", {
                              row: String(problem.row),
                              column: problem.column,
                              reason: problem.reason,
                            })}
                      </li>
                    )}
                  </For>
                </ul>
              </div>
            </Show>
          </>
        )}
      </Show>
    </FileDialog>
  );
}
