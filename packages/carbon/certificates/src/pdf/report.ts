import { caveatOf } from "@evx/emissions";
import {
  bytesOf,
  countryName,
  credits,
  day,
  decimal,
  facts,
  feet,
  ink,
  kilograms,
  letterhead,
  moment,
  newSheet,
  type Sheet,
  section,
  sheet,
  table,
  write,
} from "@evx/files";
import type { Locale } from "@evx/kernel";
import { isWord, type Word, wordsIn } from "./report-words.ts";

/** Everything that a verification report says. Grams, metres and watt-hours as whole numbers. */
export type ReportFacts = {
  request: {
    id: string;
    status: string;
    tripCount: bigint;
    rejectedCount: bigint;
    distance_m: bigint;
    energy_wh: bigint | null;
    co2Saved_g: bigint;
    issued_g: bigint | null;
    buffer_g: bigint | null;
    firstAt: Date;
    lastAt: Date;
    zone: string;
    submittedAt: Date;
    decidedAt: Date | null;
    note: string | null;
    method: string;
    factorSet: string;
    qualityTier: string;
    countryCode: string;
    vehicle: { make: string; model: string; year: number; class: string };
    riskScore: number;
    /** Sentences in the report's language, as all texts here. */
    riskReasons: readonly { sentence: string; points: number }[];
  };
  owner: string;
  reviewers: readonly string[];
  methods: readonly { method: string; grams: bigint; counted: boolean; tripsWithout: bigint }[];
  /** Names and values of the frozen factors, as they are to be printed. */
  factors: readonly (readonly [string, string])[];
  flags: readonly { message: string; count: bigint }[];
  refused: readonly {
    startedAt: Date;
    distance_m: bigint;
    co2Saved_g: bigint;
    reason: string;
    note: string | null;
  }[];
  history: readonly { kind: string; author: string; body: string | null; at: Date }[];
  /** One a batch; none before it is issued. Days are those of the vehicle's zone. */
  proofs: readonly {
    serial: string;
    vintageFrom: string;
    vintageTo: string;
    root: string;
    leaves: bigint;
  }[];
  certificate: string | null;
  printedAt: Date;
};

/** Rows of refused trips on paper; the rest stands on the request's page. */
const mostRefused = 100;

type Say = ReturnType<typeof wordsIn>;

/** The report of a review: what was requested, how it was judged, by whom, and what came of it. No VIN, no position. */
export const reportPdf = async (report: ReportFacts, locale: Locale): Promise<Uint8Array<ArrayBuffer>> => {
  const say = wordsIn(locale);
  const { request } = report;
  const doc = newSheet(`${say("report")} ${request.id}`, report.printedAt, locale);
  letterhead(doc, say("report"), request.id);
  result(doc, report, say, locale);
  if (report.proofs.length > 0) proofs(doc, report, say, locale);
  requested(doc, report, say, locale);
  calculation(doc, report, say, locale);
  judgement(doc, report, say, locale);
  history(doc, report, say, locale);
  feet(
    doc,
    `${say("venue")} · ${request.id} · ${say("generated", { date: moment(report.printedAt, locale) })}`,
    (page, pages) => say("page", { page, pages }),
  );
  return bytesOf(doc);
};

const word = (say: Say, text: string): string => (isWord(text) ? say(text) : text);

const result = (doc: Sheet, { request, owner, reviewers }: ReportFacts, say: Say, locale: Locale): void => {
  section(doc, say("section_result"));
  facts(
    doc,
    [
      [say("status"), word(say, request.status)],
      [say("decided"), request.decidedAt ? moment(request.decidedAt, locale) : "–"],
      [reviewers.length > 1 ? say("reviewers") : say("reviewer"), reviewers.join(", ")],
      [say("credits_asked"), credits(request.co2Saved_g, locale)],
      [
        say("credits_issued"),
        request.issued_g === null
          ? "–"
          : `${credits(request.issued_g, locale)}${request.buffer_g ? `\n${say("credits_buffer")}: ${credits(request.buffer_g, locale)}` : ""}`,
      ],
      [say("owner"), owner],
    ],
    3,
  );
  if (request.note) facts(doc, [[say("reason"), request.note]], 1);
};

const proofs = (doc: Sheet, { proofs: list, certificate }: ReportFacts, say: Say, locale: Locale): void => {
  section(doc, say("section_proof"));
  for (const { serial, vintageFrom, vintageTo, root, leaves } of list) {
    facts(doc, [[say("serials"), serial]], 1);
    facts(doc, [[say("root"), root]], 1);
    facts(doc, [
      [say("vintage"), `${day(vintageFrom, locale)} – ${day(vintageTo, locale)}`],
      [say("leaves"), leaves.toLocaleString(locale)],
    ]);
  }
  facts(doc, [[say("number"), certificate ?? "–"]], 1);
};

const requested = (doc: Sheet, { request }: ReportFacts, say: Say, locale: Locale): void => {
  section(doc, say("section_asked"));
  facts(
    doc,
    [
      [
        say("vehicle"),
        `${request.vehicle.make} ${request.vehicle.model} (${request.vehicle.year}), ${word(say, request.vehicle.class)}`,
      ],
      [say("country"), countryName(request.countryCode, locale)],
      [say("submitted"), moment(request.submittedAt, locale)],
      [say("trips"), request.tripCount.toLocaleString(locale)],
      [
        say("trips_span"),
        `${day(request.firstAt, locale, request.zone)} – ${day(request.lastAt, locale, request.zone)}`,
      ],
      [say("quality"), word(say, request.qualityTier)],
      [say("distance"), `${decimal(request.distance_m, 3, locale, 0)} km`],
      [
        say("energy"),
        request.energy_wh === null ? say("not_known") : `${decimal(request.energy_wh, 3, locale, 0)} kWh`,
      ],
      [say("result_g"), `${kilograms(request.co2Saved_g, locale)} kg`],
    ],
    3,
  );
};

const calculation = (
  doc: Sheet,
  { methods, factors, request }: ReportFacts,
  say: Say,
  locale: Locale,
): void => {
  section(doc, say("section_calculation"));
  // What a method assumes stands beside what it came to.
  const caveats = methods.flatMap(({ method }) => caveatOf(method, locale) ?? []);
  const note = [say("calculation_note"), ...caveats].join(" ");
  write(doc, note, sheet.margin, doc.y, { size: 8, colour: ink.soft });
  doc.y += 4;
  table(
    doc,
    [
      { title: say("method"), width: 40 },
      { title: say("result_g"), width: 30, align: "right" },
      { title: say("quantity"), width: 30, align: "right" },
    ],
    methods.map(({ method, grams, counted }) => [
      counted ? `${method} · ${request.factorSet} (${say("counts")})` : method,
      `${kilograms(grams, locale)} kg`,
      credits(grams, locale),
    ]),
  );
  doc.y += 8;
  facts(doc, factors, 3);
};

const judgement = (doc: Sheet, { request, flags, refused }: ReportFacts, say: Say, locale: Locale): void => {
  section(doc, `${say("section_risk")} · ${say("score")} ${request.riskScore}/100`);
  if (request.riskReasons.length === 0) nothing(doc, say);
  else {
    table(
      doc,
      [
        { title: say("reason"), width: 85 },
        { title: say("points"), width: 15, align: "right" },
      ],
      request.riskReasons.map((reason) => [reason.sentence, String(reason.points)]),
    );
  }
  section(doc, say("section_flags"));
  if (flags.length === 0) nothing(doc, say);
  else {
    table(
      doc,
      [
        { title: say("what"), width: 85 },
        { title: say("count"), width: 15, align: "right" },
      ],
      flags.map(({ message, count }) => [message, count.toLocaleString(locale)]),
    );
  }
  section(doc, say("section_refused"));
  if (refused.length === 0) {
    nothing(doc, say);
    return;
  }
  table(
    doc,
    [
      { title: say("started"), width: 24 },
      { title: say("distance"), width: 14, align: "right" },
      { title: say("result_g"), width: 16, align: "right" },
      { title: say("reason"), width: 46 },
    ],
    refused
      .slice(0, mostRefused)
      .map(({ startedAt, distance_m, co2Saved_g, reason, note }) => [
        moment(startedAt, locale, request.zone),
        `${decimal(distance_m, 3, locale, 1)} km`,
        `${kilograms(co2Saved_g, locale)} kg`,
        note ? `${reason}\n${note}` : reason,
      ]),
  );
  if (refused.length > mostRefused) {
    write(doc, say("more", { count: refused.length - mostRefused }), sheet.margin, doc.y + 4, {
      size: 8,
      colour: ink.soft,
    });
  }
};

const nothing = (doc: Sheet, say: Say): void => {
  write(doc, say("none"), sheet.margin, doc.y, { colour: ink.soft });
  doc.y += 4;
};

const history = (doc: Sheet, { history: events }: ReportFacts, say: Say, locale: Locale): void => {
  section(doc, say("section_history"));
  table(
    doc,
    [
      { title: say("when"), width: 22 },
      { title: say("by"), width: 24 },
      { title: say("what"), width: 54 },
    ],
    events.map(({ kind, author, body, at }) => {
      const did = `did_${kind}`;
      const what = isWord(did) ? say(did as Word) : kind;
      return [moment(at, locale), author, body ? `${what}\n${body}` : what];
    }),
  );
};
