import { useQuery } from "@tanstack/solid-query";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { LegalText } from "./text.tsx";

const parts = [
  "venue",
  "accounts",
  "claims",
  "audit",
  "sales",
  "fees",
  "auctions",
  "retirement",
  "payouts",
  "errors",
  "ending",
] as const;

/** Under which terms people use the venue. Fees are those in force, read from the API. */
export default function Terms() {
  const t = useText("legal");
  const f = useFormat();
  const basis = useQuery(api.pricing.earnings.with({ staleTime: 600_000 }).queryOptions());
  const fees = () =>
    basis.isSuccess
      ? t("terms.fees.now", {
          platform: f.number(basis.data.platformFeePercent),
          auditor: f.number(basis.data.cvaFeePercent),
        })
      : "";
  return (
    <LegalText
      title={t("terms.title")}
      lead={t("terms.lead")}
      contents={t("contents")}
      parts={parts.map((id) => ({
        id,
        title: t(`terms.${id}.title`),
        body:
          id === "fees" ? (
            <>
              <p class="min-h-5.5 font-semibold">{fees()}</p>
              <p>{t("terms.fees.body")}</p>
            </>
          ) : (
            t(`terms.${id}.body`)
          ),
      }))}
    />
  );
}
