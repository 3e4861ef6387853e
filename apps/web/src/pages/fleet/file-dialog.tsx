import { Dialog, FileDrop } from "@evx/ui";
import { createSignal, type JSX, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { type ApiError, apiError } from "../../lib/errors.ts";
import { upload } from "../../lib/upload.ts";

/** Takes one file to an address of the API and shows what came of it, or why nothing did. */
export const FileDialog = <T extends object>(props: {
  title: string;
  lead: string;
  drop: string;
  hint: string;
  accept: string;
  /** Where the file goes. */
  path: (file: File) => string;
  /** What stands above the field. */
  before?: JSX.Element;
  /** The answer of the last upload. */
  onAnswer: (answer: T) => void;
  onClose: () => void;
  children: JSX.Element;
}) => {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const send = async (file: File) => {
    setBusy(true);
    setFailure(null);
    try {
      props.onAnswer(await upload<T>(props.path(file), file, { contentType: "application/octet-stream" }));
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
      title={props.title}
      description={props.lead}
      size="lg"
    >
      <div class="grid gap-4">
        {props.before}
        <FileDrop
          label={props.drop}
          hint={props.hint}
          accept={props.accept}
          disabled={busy()}
          onFile={(file) => void send(file)}
        />
        <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
        {props.children}
      </div>
    </Dialog>
  );
};
