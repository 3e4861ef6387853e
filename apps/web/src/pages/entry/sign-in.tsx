import { TextLink } from "@evx/ui";
import { Navigate, useNavigate, useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { homes, type Role, sessionEnded, useSession } from "../../lib/session.ts";
import { EntryCard, safeNext } from "./card.tsx";
import { SignInForm } from "./sign-in-form.tsx";

export default function SignIn() {
  const t = useText("entry");
  const session = useSession();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next?: string }>();
  const next = (role: Role) => safeNext(search.next, homes[role]);
  /** Somebody who is signed in has nothing to do here. */
  const here = () => (sessionEnded() ? null : session.role());
  return (
    <Show when={here()} fallback={<Ask />}>
      {(role) => <Navigate href={next(role())} />}
    </Show>
  );

  function Ask() {
    return (
      <EntryCard
        title={t("signIn.title")}
        lead={search.next ? t("signIn.next") : t("signIn.lead")}
        below={t.rich("signIn.other", {
          link: (
            <TextLink href={search.next ? `/sign-up?next=${encodeURIComponent(search.next)}` : "/sign-up"}>
              {t("signIn.otherLink")}
            </TextLink>
          ),
        })}
      >
        <SignInForm onDone={(role) => navigate(next(role), { replace: true })} />
      </EntryCard>
    );
  }
}
