import { Button, EmptyState, LinkButton } from "@evx/ui";
import { useText } from "../i18n/index.ts";
import { homes, type Role, signOut } from "../lib/session.ts";
import { Page } from "./page.tsx";

/** A page of another role: the reader may go home, or sign in with another account and come back. */
export default function Forbidden(props: { role: Role; signIn: string }) {
  const t = useText("aside");
  const frame = useText("frame");
  return (
    <Page title={t("forbidden.title")} narrow>
      <EmptyState
        title={t("forbidden.body", { role: frame(`role.${props.role}`) })}
        action={
          <div class="flex flex-wrap justify-center gap-2">
            <Button onClick={() => void signOut(props.signIn)}>{t("forbidden.other")}</Button>
            <LinkButton variant="secondary" href={homes[props.role]}>
              {t("forbidden.action")}
            </LinkButton>
          </div>
        }
      />
    </Page>
  );
}
