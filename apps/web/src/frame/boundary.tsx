import { Button, ErrorBox } from "@evx/ui";
import { createEffect, ErrorBoundary, type JSX, on } from "solid-js";
import { useText } from "../i18n/index.ts";

/** A page's chunk that is no longer on the server: the reader's tab is older than the last release. */
const isOldRelease = (error: unknown) =>
  error instanceof TypeError &&
  /dynamically imported module|module script|Importing a module/i.test(error.message);

/** Keeps a page's failure inside the page: the frame stays, and another page heals it. */
export const Boundary = (props: { path: string; children: JSX.Element }) => {
  const t = useText("frame");
  return (
    <ErrorBoundary
      fallback={(error: unknown, reset) => {
        console.error(error);
        createEffect(on(() => props.path, reset, { defer: true }));
        return (
          <div class="mx-auto w-full max-w-2xl px-4 py-10 sm:px-6">
            <ErrorBox
              title={t("error.title")}
              actions={
                isOldRelease(error) ? (
                  <Button size="sm" onClick={() => location.reload()}>
                    {t("error.reload")}
                  </Button>
                ) : (
                  <Button size="sm" variant="secondary" onClick={reset}>
                    {t("error.retry")}
                  </Button>
                )
              }
            >
              {t(isOldRelease(error) ? "error.newVersion" : "error.body")}
            </ErrorBox>
          </div>
        );
      }}
    >
      {props.children}
    </ErrorBoundary>
  );
};
