import { Dialog, FileDrop, LinkButton, Notice } from "@evx/ui";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import type { api } from "../../lib/api.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";
import { upload } from "../../lib/upload.ts";

type Added = Awaited<ReturnType<typeof api.fleet.addCars.call>>;

/** Adds cars from a file, and names every row that cannot be one. */
export default function AddCars(props: { onClose: () => void; onDone: () => void }) {
  const t = useText("fleet");
  const [busy, setBusy] = createSignal(false);
  const [added, setAdded] = createSignal<Added | null>(null);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const send = async (file: File) => {
    setBusy(true);
    setFailure(null);
    try {
      setAdded(await upload<Added>("/api/fleet/vehicles", file, { contentType: "application/octet-stream" }));
      props.onDone();
    } catch (error) {
      setFailure(apiError(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("cars.title")}
      description={t("cars.lead")}
      size="lg"
    >
      <div class="grid gap-4">
        <LinkButton variant="secondary" rel="external" href="/api/fleet/vehicles/template.csv" download="">
          {t("cars.template")}
        </LinkButton>
        <FileDrop
          label={t("cars.drop")}
          hint={t("cars.hint")}
          accept=".csv,.xlsx,.txt"
          disabled={busy()}
          onFile={(file) => void send(file)}
        />
        <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
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
                        <li>
                          {t("cars.row", {
                            row: String(problem.row),
                            field: problem.field,
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
      </div>
    </Dialog>
  );
}
