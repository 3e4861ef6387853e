import { namesIn, treesOf } from "@evx/certificates";
import type { ReportFacts } from "@evx/certificates/report";
import { batchesOfRequest, serialOf } from "@evx/credits";
import type { Db } from "@evx/db";
import type { FrozenFactors } from "@evx/emissions";
import { drawApart } from "@evx/files";
import type { Id, Locale } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { messageRows, type RequestRow } from "./queries/requests.ts";
import { approvalRows, rejectionRows } from "./queries/review.ts";
import { flagsOf, methodResults, requestById } from "./reads.ts";
import { type RiskReason, riskSentence, tripReasons } from "./reasons.ts";

const drawing = import.meta.resolve("@evx/certificates/report");

const perKm = (mg: number): string => `${mg / 1000} g/km`;

const factorLines = (factors: FrozenFactors): [string, string][] => [
  ["flat-v1", `${perKm(factors.baseline_mg_per_km)} − ${perKm(factors.electric_mg_per_km)}`],
  ["metered-v1", `${perKm(factors.metered_baseline_mg_per_km)} · ${factors.charging_loss_bps / 100} %`],
  ...factors.grid
    .slice(-4)
    .map((entry): [string, string] => [
      `${entry.year}: ${entry.source}`,
      `${entry.grid_mg_per_kwh / 1000} g/kWh`,
    ]),
];

/** The verification report of a request, for its owner, reviewers and operators; another's is not found. */
const reportOf = async (
  db: Db,
  viewer: Pick<Actor, "id" | "role" | "accredited">,
  { id, locale, now }: { id: Id<"request">; locale: Locale; now: Date },
): Promise<Uint8Array<ArrayBuffer>> => {
  const row = await requestById(db, id);
  const reviews = viewer.role === "admin" || (viewer.role === "cva" && viewer.accredited);
  if (!reviews && row.owner_id !== viewer.id) throw refuse("request_not_found");
  const [messages, approvals, refused, trees, batches, flags] = await Promise.all([
    messageRows(db, id),
    approvalRows(db, id),
    rejectionRows(db, id),
    treesOf(db, id),
    batchesOfRequest(db, id),
    flagsOf(db, id, locale),
  ]);
  const reviewers = approvals.map(({ reviewer_id }) => reviewer_id);
  if (reviewers.length === 0 && row.decided_by) reviewers.push(row.decided_by);
  const others = messages.map(({ author_id }) => author_id).filter((id) => id !== row.owner_id);
  const names = await namesIn(db, viewer, [row], { staff: [...reviewers, ...others] });
  const nameOf = (person: Id<"user">) => names.get(person) ?? "–";
  const printed: ReportFacts = {
    request: requestFacts(row, locale),
    owner: nameOf(row.owner_id),
    reviewers: reviewers.map(nameOf),
    methods: methodResults(row).map(({ method, co2SavedKg, counted, tripsWithout }) => ({
      method,
      grams: co2SavedKg,
      counted,
      tripsWithout,
    })),
    factors: factorLines(row.factors as FrozenFactors),
    flags: flags.map(({ message, count }) => ({ message, count: BigInt(count) })),
    refused: refused.map((mark) => ({
      startedAt: mark.started_at,
      distance_m: mark.distance_m,
      co2Saved_g: mark.co2_saved_g,
      reason: tripReasons[mark.reason_code][locale],
      note: mark.note,
    })),
    history: messages.map((message) => ({
      kind: message.kind,
      author: nameOf(message.author_id),
      // A first approval's note is for the second reviewer, not for the owner.
      body: message.kind === "first_approval" && !reviews ? null : message.body,
      at: message.at,
    })),
    proofs: batches.flatMap((batch) => {
      const tree = trees.find(({ batch_id }) => batch_id === batch.id);
      if (!tree) return [];
      return {
        serial: serialOf(batch, 1n, batch.grams),
        vintageFrom: batch.vintageFrom,
        vintageTo: batch.vintageTo,
        root: tree.root,
        leaves: tree.leaf_count,
      };
    }),
    certificate: row.certificate_number,
    printedAt: now,
  };
  return drawApart(drawing, "reportPdf", [printed, locale]);
};

const requestFacts = (row: RequestRow, locale: Locale): ReportFacts["request"] => ({
  id: row.id,
  status: row.status,
  tripCount: row.trip_count,
  rejectedCount: row.rejected_count,
  distance_m: row.distance_m,
  energy_wh: row.energy_wh,
  co2Saved_g: row.co2_saved_g,
  issued_g: row.issued_g,
  buffer_g: row.buffer_g,
  firstAt: row.first_at,
  lastAt: row.last_at,
  zone: row.zone,
  submittedAt: row.submitted_at,
  decidedAt: row.decided_at,
  note: row.decision_note,
  method: row.method_code,
  factorSet: row.factor_set,
  qualityTier: row.quality_tier,
  countryCode: row.country_code,
  vehicle: {
    make: row.vehicle_make,
    model: row.vehicle_model,
    year: row.vehicle_year,
    class: row.vehicle_class,
  },
  riskScore: row.risk_score,
  riskReasons: (row.risk_reasons as RiskReason[]).map((reason) => ({
    sentence: riskSentence(reason, locale),
    points: reason.points,
  })),
});

/** The same as a file, in the language asked for or else the reader's. */
export const reportFileAnswer = async (
  ctx: Pick<Context, "db" | "locale" | "clock">,
  actor: Pick<Actor, "id" | "role" | "accredited">,
  { id, locale = ctx.locale }: { id: Id<"request">; locale?: Locale | undefined },
) => ({
  contentType: "application/pdf",
  fileName: `${id}.pdf`,
  content: await reportOf(ctx.db, actor, { id, locale, now: ctx.clock.now() }),
});
