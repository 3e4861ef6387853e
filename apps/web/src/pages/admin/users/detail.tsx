import { Card, CopyText, DescriptionList, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../../frame/loaded.tsx";
import { Page } from "../../../frame/page.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { deviceOf } from "../../../lib/device.ts";
import { useFormat } from "../../../lib/format.ts";
import { PersonAccreditation } from "./accreditation.tsx";
import { PersonActions } from "./actions.tsx";
import { PersonKeys } from "./keys.tsx";
import { Trail } from "./trail.tsx";
import { PersonState, RoleName } from "./words.tsx";

export default function UserDetail() {
  const t = useText("people");
  const f = useFormat();
  const params = useParams<{ id: string }>();
  const user = useQuery(api.identity.user.queryOptions(() => ({ id: params.id })));
  const sessions = useQuery(api.identity.users.sessions.queryOptions(() => ({ id: params.id })));
  const name = () => (user.isPending ? "" : (user.data?.user.fullName ?? ""));

  return (
    <Page
      title={name() || t("user.title")}
      above={<TextLink href="/admin/users">{t("user.back")}</TextLink>}
      actions={
        <Show when={!user.isPending && user.data}>{(data) => <PersonActions person={data().user} />}</Show>
      }
    >
      <div class="grid gap-5">
        <div class="grid gap-5 lg:grid-cols-2">
          <Card>
            <Loaded query={user}>
              {(data) => (
                <DescriptionList
                  items={[
                    { label: t("column.state"), value: <PersonState person={data().user} /> },
                    { label: t("column.role"), value: <RoleName person={data().user} /> },
                    {
                      label: t("user.email"),
                      value: (
                        <span class="break-all">
                          {data().user.email} (
                          {t(data().user.emailVerified ? "user.confirmed" : "user.unconfirmed")})
                        </span>
                      ),
                    },
                    { label: t("user.phone"), value: data().user.phone ?? t("user.none") },
                    { label: t("column.identity"), value: t(`kyc.${data().user.kycStatus}`) },
                    {
                      label: t("user.second"),
                      value: t(data().user.twoFactorEnabled ? "user.on" : "user.off"),
                    },
                    { label: t("column.since"), value: f.dateTime(data().user.createdAt) },
                    { label: t("user.id"), value: <CopyText text={data().user.id} label={t("user.id")} /> },
                  ]}
                />
              )}
            </Loaded>
          </Card>
          <Card title={t("user.sessions")}>
            <Loaded query={sessions}>
              {(data) => (
                <Show
                  when={data().items.length > 0}
                  fallback={<p class="text-muted">{t("user.noSessions")}</p>}
                >
                  <ul class="divide-y divide-line">
                    <For each={data().items}>
                      {(session) => (
                        <li class="py-2.5">
                          <p class="text-sm break-words">{deviceOf(session.userAgent) ?? session.kind}</p>
                          <p class="text-xs text-muted" data-figure>
                            {session.ip}, {f.relative(session.lastUsedAt)}
                          </p>
                        </li>
                      )}
                    </For>
                  </ul>
                </Show>
              )}
            </Loaded>
          </Card>
        </div>
        <Show when={!user.isPending && user.data?.user.role === "cva"}>
          <PersonAccreditation userId={params.id} />
        </Show>
        <PersonKeys userId={params.id} />
        <Card title={t("user.trail")}>
          <Trail caption={t("user.trail")} filter={{ object: params.id }} />
        </Card>
        <Card title={t("user.own")}>
          <Trail caption={t("user.own")} filter={{ actorId: params.id }} />
        </Card>
      </div>
    </Page>
  );
}
