import { Card, TextLink } from "@evx/ui";
import { For } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";

/** Written into the page by the server that serves it, because the address is the operator's. */
const address = () => document.querySelector<HTMLMetaElement>('meta[name="evx:contact"]')?.content ?? "";

const topics = ["money", "credits", "certificate", "security", "data"] as const;

/** Where people write to, and what to say so that one letter is enough. */
export default function Contact() {
  const t = useText("legal");
  return (
    <Page title={t("contact.title")} lead={t("contact.lead")} narrow>
      <Card title={t("contact.email")}>
        <p class="flex flex-wrap items-center gap-3 text-base">
          <TextLink href={`mailto:${address()}`}>{address()}</TextLink>
        </p>
        <p class="mt-2 text-muted">{t("contact.answer")}</p>
      </Card>
      <dl class="mt-7 divide-y divide-line border-t-2 border-t-ink bg-surface px-5">
        <For each={topics}>
          {(topic) => (
            <div class="py-4">
              <dt class="font-[650]">{t(`contact.${topic}.title`)}</dt>
              <dd class="mt-1 text-pretty text-muted">{t(`contact.${topic}.body`)}</dd>
            </div>
          )}
        </For>
      </dl>
    </Page>
  );
}
