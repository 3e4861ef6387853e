import { Button, Card } from "@evx/ui";
import { useLocation, useNavigate, useParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { type ApiError, apiError } from "../../lib/errors.ts";
import { notify } from "../../lib/notify.ts";

type DriverId = Answer<typeof api.driving.mine>["cars"][number]["driverId"];

/** Accepts an invitation by its link, whose secret stands behind the #, where no server's log sees it. */
export default function Join() {
  const t = useText("fleet");
  const params = useParams<{ id: string }>();
  const place = useLocation();
  const navigate = useNavigate();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const join = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const secret = place.hash.replace(/^#/, "");
      await api.driving.join.call({ driverId: params.id as DriverId, ...(secret ? { secret } : {}) });
      void notify.success(t("driving.joined"));
      navigate("/driving");
    } catch (error) {
      setFailure(apiError(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={t("join.title")} lead={t("join.lead")} narrow>
      <Card>
        <div class="grid gap-4">
          <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
          <Button busy={busy()} onClick={() => void join()}>
            {t("driving.accept")}
          </Button>
        </div>
      </Card>
    </Page>
  );
}
