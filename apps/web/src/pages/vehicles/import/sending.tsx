import { Button, Card, ProgressBar } from "@evx/ui";
import { useText } from "../../../i18n/index.ts";
import type { UploadProgress } from "../../../lib/upload.ts";
import { useMegabytes } from "./chosen-file.ts";

/** How far a file is on its way, and the button that stops it. */
export const Sending = (props: { file: string; progress: UploadProgress; onStop: () => void }) => {
  const t = useText("vehicles");
  const megabytes = useMegabytes();
  return (
    <Card>
      <ProgressBar
        label={t("import.sending", { file: props.file })}
        value={props.progress.sent}
        max={Math.max(1, props.progress.total)}
        note={t("import.sent", {
          sent: megabytes(props.progress.sent),
          total: megabytes(props.progress.total),
        })}
      />
      <div class="mt-4">
        <Button variant="secondary" size="sm" onClick={() => props.onStop()}>
          {t("import.cancel")}
        </Button>
      </div>
    </Card>
  );
};

/** A chosen file while its beginning is looked at for the first time. */
export const Reading = (props: { file: string }) => {
  const t = useText("vehicles");
  return (
    <Card>
      <ProgressBar label={t("import.reading")} note={props.file} />
    </Card>
  );
};
