import { Button, ErrorBox } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { type ApiError, apiError } from "../lib/errors.ts";
import { askToSignIn, sessionEnded } from "../lib/session.ts";

/** The sentence for a failure: the server's own where it spoke. */
export const useSentence = () => {
  const t = useText("frame");
  return (thrown: unknown): string => {
    const error = apiError(thrown);
    if (error.message) return error.message;
    if (error.code === "rate_limited") return t("error.busy");
    return t(error.code === "network" ? "error.network" : "error.unexpected");
  };
};

/** A read that failed, with the way to ask again. */
export const Failure = (props: { error: unknown; retry?: () => void }) => {
  const t = useText("frame");
  const sentence = useSentence();
  return (
    <ErrorBox
      title={t("error.load")}
      reference={apiError(props.error).requestId}
      actions={
        <Show when={props.retry}>
          {(retry) => (
            <Button variant="secondary" size="sm" onClick={() => retry()()}>
              {t("error.retry")}
            </Button>
          )}
        </Show>
      }
    >
      {sentence(props.error)}
      {/* No field stands beside it here that could say what is wrong. */}
      <For each={[...new Set(apiError(props.error).issues.map(({ message }) => message))]}>
        {(message) => <p class="mt-1 break-words">{message}</p>}
      </For>
    </ErrorBox>
  );
};

/** What a form could not place at its fields. Stands above the form's button. */
export const FormFailure = (props: { form: { failure: () => ApiError | null } }) => {
  const t = useText("frame");
  const sentence = useSentence();
  return (
    <Show when={props.form.failure()}>
      {(error) => (
        <Show
          when={error().code === "sign_in_required" && sessionEnded()}
          fallback={<ErrorBox title={sentence(error())} reference={error().requestId} />}
        >
          <ErrorBox
            title={t("session.title")}
            actions={
              <Button size="sm" onClick={() => askToSignIn(true)}>
                {t("header.signIn")}
              </Button>
            }
          >
            {t("session.body")}
          </ErrorBox>
        </Show>
      )}
    </Show>
  );
};
