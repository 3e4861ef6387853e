import { Button, Dialog } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";

/** Asks for credits for every car and year with free trips. */
export default function RequestAll(props: { onClose: () => void }) {
  const t = useText("fleet");
  const navigate = useNavigate();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { id } = await api.fleet.request.call({});
      navigate(`/owner/submissions/${id}`);
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
      title={t("request.title")}
      description={t("request.lead")}
    >
      <div class="grid gap-4">
        <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
        <Button wide busy={busy()} onClick={() => void send()}>
          {t("request.send")}
        </Button>
      </div>
    </Dialog>
  );
}
