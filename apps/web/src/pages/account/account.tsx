import { Skeleton } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { Keys } from "./keys.tsx";
import { Lasting } from "./lasting.tsx";
import { Password } from "./password.tsx";
import { Profile } from "./profile.tsx";
import { Proof } from "./proof.tsx";
import { PublicName } from "./public-name.tsx";
import { Sessions } from "./sessions.tsx";
import { TwoFactor } from "./two-factor.tsx";

export default function Account() {
  const t = useText("identity");
  const profile = useQuery(api.identity.profile.queryOptions());
  return (
    <Page title={t("title")} lead={t("lead")} narrow>
      <Loaded query={profile} skeleton={<Skeleton lines={10} />}>
        {(data) => (
          <div class="grid gap-5">
            <Profile user={data().user} />
            <PublicName />
            <TwoFactor user={data().user} />
            <Password />
            <Proof />
            <Sessions />
            <Keys />
            <Lasting />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
