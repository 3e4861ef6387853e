import { Button, Dialog } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { askingToSignIn, askToSignIn, sessionEnded } from "../lib/session.ts";
import { SignInForm } from "../pages/entry/sign-in-form.tsx";

/** Over the page of somebody whose session ended: they sign in and go on where they were. */
export default function SessionDialog() {
  const t = useText("frame");
  const aside = useText("aside");
  return (
    <Show when={sessionEnded()}>
      {(user) => (
        <Dialog
          open={askingToSignIn()}
          onOpen={askToSignIn}
          title={t("session.title")}
          description={t("session.body")}
          actions={
            <Button variant="quiet" size="sm" onClick={() => location.assign("/")}>
              {aside("session.leave")}
            </Button>
          }
        >
          <SignInForm email={user().email} onDone={() => askToSignIn(false)} />
        </Dialog>
      )}
    </Show>
  );
}
