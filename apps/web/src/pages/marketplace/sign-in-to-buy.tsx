import { LinkButton } from "@evx/ui";
import { useLocation } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useSession } from "../../lib/session.ts";

/** What only a buyer can do; a visitor is asked to sign in and comes back to the same address, others are told. */
export const SignInToBuy = (props: { children: JSX.Element }) => {
  const t = useText("buying");
  const session = useSession();
  const location = useLocation();
  return (
    <Show
      when={session.user()}
      fallback={
        <LinkButton
          size="lg"
          wide
          href={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`}
        >
          {t("signIn")}
        </LinkButton>
      }
    >
      <Show when={session.role() === "buyer"} fallback={<p class="text-muted">{t("forBuyers")}</p>}>
        {props.children}
      </Show>
    </Show>
  );
};
