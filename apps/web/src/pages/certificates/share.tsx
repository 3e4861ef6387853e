import type { CertificateFile } from "@evx/proof";
import { Button, Card, LinkButton } from "@evx/ui";
import { createSignal, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { pdfAddress } from "./own.tsx";
import { save } from "./save.ts";

const cardAddress = (number: string, locale: string) =>
  `/api/public/certificates/${encodeURIComponent(number)}/card.png?locale=${locale}`;

/** How a certificate goes out into the world: link, paper, signed file, badge. */
export const Share = (props: { file: CertificateFile }) => {
  const t = useText("paper");
  const f = useFormat();
  const [copied, setCopied] = createSignal<"link" | "badge">();
  const document = () => props.file.certificate;
  const name = () => document().retirement?.beneficiary ?? document().holder;
  const copy = async (what: "link" | "badge", text: string) => {
    await navigator.clipboard.writeText(text);
    setCopied(what);
  };
  const share = async () => {
    const url = document().verifyUrl;
    if (!navigator.share) return copy("link", url);
    await navigator.share({ url, title: t("public.title", { number: document().number }) }).catch(() => {
      // Closing the sheet is no failure.
    });
  };
  const badge = () => {
    const picture = new URL(cardAddress(document().number, f.locale()), document().verifyUrl).href;
    const words = t("share.alt", { amount: f.creditsMass(document().credits), name: name() });
    const safe = words.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
    return `<a href="${document().verifyUrl}"><img src="${picture}" width="600" height="315" alt="${safe}"></a>`;
  };
  return (
    <div class="grid gap-2 print:hidden">
      <Button wide onClick={() => void share()}>
        {t(copied() === "link" ? "share.copied" : "share.share")}
      </Button>
      <div class="grid grid-cols-2 gap-2">
        <LinkButton
          variant="secondary"
          rel="external"
          href={pdfAddress(document().number, f.locale())}
          download=""
        >
          {t("public.pdf")}
        </LinkButton>
        <Button variant="secondary" onClick={() => window.print()}>
          {t("share.print")}
        </Button>
        <Button
          variant="secondary"
          onClick={() => save(`${document().number}.json`, JSON.stringify(props.file, null, 2))}
        >
          {t("public.json")}
        </Button>
        <Button variant="secondary" onClick={() => void copy("badge", badge())}>
          {t(copied() === "badge" ? "share.badgeCopied" : "share.badge")}
        </Button>
      </div>
      <p class="sr-only" aria-live="polite">
        <Show when={copied()}>{t("share.copied")}</Show>
      </p>
      <Card title={t("share.card")} class="mt-5">
        <img
          src={cardAddress(document().number, f.locale())}
          width="600"
          height="315"
          loading="lazy"
          class="block h-auto w-full"
          alt={t("share.alt", { amount: f.creditsMass(document().credits), name: name() })}
        />
        <p class="mt-3 text-[0.8125rem]/4.5 text-muted">{t("share.cardLead")}</p>
      </Card>
    </div>
  );
};
