import { Card, CopyText, DescriptionList, StatusDot } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Command } from "./command.tsx";

type Key = Answer<typeof api.verification.certificates.keys>["items"][number];

/** One key: since when it signs, whether it still does, and which key vouches for it. */
const PublicKey = (props: { of: Key }) => {
  const t = useText("keys");
  const f = useFormat();
  return (
    <Card
      title={<span class="font-mono text-sm break-all">{props.of.id}</span>}
      actions={
        <StatusDot tone={props.of.withdrawnAt ? "negative" : "positive"}>
          {t(props.of.withdrawnAt ? "keys.withdrawn" : "keys.inUse")}
        </StatusDot>
      }
    >
      <DescriptionList
        items={[
          { label: t("keys.public"), value: <CopyText text={props.of.publicKey} label={t("keys.public")} /> },
          { label: t("keys.since"), value: f.dateTime(props.of.addedAt) },
          ...(props.of.withdrawnAt
            ? [{ label: t("keys.until"), value: f.dateTime(props.of.withdrawnAt) }]
            : []),
          {
            label: t("keys.vouched"),
            value: (
              <Show when={props.of.cross} fallback={t("keys.first")}>
                {(cross) => <span class="font-mono text-xs break-all">{cross().by}</span>}
              </Show>
            ),
          },
        ]}
      />
    </Card>
  );
};

/** The registry as it was on each of the last days, to keep. */
const Snapshots = () => {
  const t = useText("keys");
  const f = useFormat();
  const snapshots = useQuery(api.verification.certificates.snapshots.queryOptions(() => ({ limit: 7 })));
  return (
    <Card title={t("snapshots.title")} subtitle={t("snapshots.lead")}>
      <Loaded query={snapshots}>
        {(data) => (
          <Show when={data().items.length > 0} fallback={<p class="text-muted">{t("snapshots.none")}</p>}>
            <ul class="grid gap-1">
              <For each={data().items}>
                {({ day }) => (
                  <li>
                    <a class="underline underline-offset-2" href={`/api/public/snapshots/${day}`} download="">
                      {f.date(`${day}T12:00:00`)}
                    </a>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Show when={snapshots.data?.items[0]}>
        {(newest) => (
          <div class="mt-4">
            <p class="mb-2 text-sm text-muted">{t("snapshots.check")}</p>
            <Command words={`snapshot ${location.origin} ${newest().day} --registry evx-registry.json`} />
          </div>
        )}
      </Show>
      <a class="tap mt-3 inline-block text-sm underline underline-offset-2" href="/api/public/snapshots">
        {t("snapshots.statements")}
      </a>
    </Card>
  );
};

/** The public keys that certificates are signed with, for everybody to pin. */
export default function Keys() {
  const t = useText("keys");
  const keys = useQuery(api.verification.certificates.keys.queryOptions());
  return (
    <Page title={t("keys.title")} lead={t("keys.lead")} narrow>
      <Loaded query={keys}>
        {(data) => (
          <div class="grid gap-4">
            <For each={data().items}>{(key) => <PublicKey of={key} />}</For>
            <Card title={t("command.title")} subtitle={t("command.lead")}>
              <Command words={`monitor ${location.origin}`} />
              <p class="mt-2 text-sm text-muted">
                {t("command.keep")}{" "}
                <a class="underline underline-offset-2" href="/evx-proof.tgz" download="">
                  evx-proof.tgz
                </a>
              </p>
            </Card>
            <Snapshots />
            <p class="text-sm text-muted">
              {t("keys.keep")}{" "}
              <a class="underline underline-offset-2" href="/.well-known/evx-registry.json" download="">
                evx-registry.json
              </a>
            </p>
            <p class="text-sm text-muted">
              {t("keys.spec")}{" "}
              <a class="underline underline-offset-2" href="/docs/spec">
                {t("keys.specLink")}
              </a>
            </p>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
