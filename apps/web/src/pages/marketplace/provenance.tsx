import { Card, type Column, Table } from "@evx/ui";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { type Detail, isNamedMethod, isNamedQuality } from "./words.ts";

const Face = part(() => import("./face.tsx"), "min-h-40");

type Origin = Detail["provenance"][number];

/** Every run of grams in a listing, with what it was issued for. */
export default function Provenance(props: { listing: Detail }) {
  const t = useText("listing");
  const f = useFormat();
  const columns = (): Column<Origin>[] => [
    {
      key: "serial",
      header: t("origin.serial"),
      lead: true,
      cell: (origin) => (
        <a
          class="font-mono text-xs break-all text-accent underline decoration-1 underline-offset-2"
          href={`/registry/serials/${encodeURIComponent(origin.serial)}`}
        >
          {origin.serial}
        </a>
      ),
    },
    {
      key: "credits",
      header: t("origin.credits"),
      align: "end",
      cell: (origin) => <span data-figure>{f.creditsFigure(origin.credits)}</span>,
    },
    {
      key: "origin",
      header: t("origin.country"),
      cell: (origin) => (
        <div>
          {f.country(origin.country)}
          <span class="block text-xs text-muted">{f.days(origin.vintageFrom, origin.vintageTo)}</span>
        </div>
      ),
    },
    {
      key: "quality",
      header: t("origin.quality"),
      cell: (origin) => (
        <div>
          {isNamedQuality(origin.qualityTier) ? t(`quality.${origin.qualityTier}`) : origin.qualityTier}
          <span class="block text-xs text-muted">
            {isNamedMethod(origin.method) ? t(`method.${origin.method}`) : origin.method}
          </span>
        </div>
      ),
    },
    {
      key: "issued",
      header: t("origin.issued"),
      cell: (origin) => f.date(origin.issuedAt),
      class: "whitespace-nowrap",
    },
  ];
  return (
    <Card title={t("origin.title")} subtitle={t("origin.note")}>
      <Face listing={props.listing} />
      <Table class="mt-4" caption={t("origin.title")} columns={columns()} rows={props.listing.provenance} />
    </Card>
  );
}
