import {
  countryCode,
  creditsIn,
  creditsOut,
  idOf,
  idOut,
  inOrder,
  momentIn,
  momentOut,
  pageEntries,
  pageOf,
  textOf,
  yearIn,
  zoneIn,
} from "@evx/kernel";
import * as v from "valibot";
import { Revocation } from "./schema/shortfalls.ts";

export * from "./schema/retirement.ts";
export * from "./schema/shortfalls.ts";

export const quality = v.picklist(["connected", "export", "manual"]);

const countOut = v.pipe(v.union([v.bigint(), v.number()]), v.transform(Number), v.number());

// Wallet

export const UserId = v.object({ userId: idOf("user") });

/** `balance` can be used, `reserved` is listed for sale, `retired` is out of circulation for good. */
export const Wallet = v.object({
  userId: idOut("user"),
  balance: creditsOut,
  reserved: creditsOut,
  retired: creditsOut,
});

export const historyTypes = [
  "issue",
  "transfer_in",
  "transfer_out",
  "sale",
  "purchase",
  "retire",
  "cancel",
] as const;

export const HistoryQuery = v.pipe(
  v.object({
    userId: idOf("user"),
    ...pageEntries,
    type: v.optional(v.picklist(historyTypes)),
    from: v.optional(momentIn),
    to: v.optional(momentIn),
  }),
  inOrder("from", "to"),
);

/** One movement of a person's credits. `amount` is without sign: the type tells the direction. */
export const HistoryItem = v.object({
  id: idOut("transfer"),
  type: v.picklist(historyTypes),
  amount: creditsOut,
  serials: v.array(v.string()),
  /** What it was for: the order, the request, the retirement; the transfer itself where there is nothing else. */
  referenceId: v.string(),
  /** The other side of a transfer or a sale; of whoever was given credits, the initials alone. */
  counterparty: v.nullable(v.object({ id: idOut("user"), name: v.string() })),
  note: v.nullable(v.string()),
  createdAt: momentOut,
});

export type HistoryItemView = v.InferInput<typeof HistoryItem>;

export const HistoryPage = pageOf(HistoryItem);

export const Transfer = v.object({
  toUserId: idOf("user"),
  amount: creditsIn,
  /** Named by the caller: the same name again is the same transfer. Any text. */
  transferId: v.optional(textOf(100)),
  note: v.optional(v.nullable(textOf(200, 0))),
});

export const TransferAnswer = v.object({
  transfer: v.object({
    id: idOut("transfer"),
    fromUserId: idOut("user"),
    toUserId: idOut("user"),
    /** The receiver's initials. */
    toName: v.string(),
    amount: creditsOut,
    serials: v.array(v.string()),
    note: v.nullable(v.string()),
    createdAt: momentOut,
  }),
});

/** The initials of who owns a wallet number, before credits are sent there. */
export const Receiver = v.object({ userId: idOut("user"), name: v.string() });

// Lots: where each gram came from

export const BatchFacts = v.object({
  id: idOut("batch"),
  number: v.string(),
  vintage: v.number(),
  /** The days of its first and last trip where the vehicle was. */
  vintageFrom: v.string(),
  vintageTo: v.string(),
  country: v.string(),
  method: v.string(),
  factorSet: v.string(),
  quality,
  vehicleClass: v.string(),
  cvaName: v.string(),
  issuedAt: momentOut,
});

export const LotQuery = v.object({ userId: idOf("user"), ...pageEntries });

/** A run of grams in a wallet and the transfer that brought it. */
export const Lot = v.object({
  serial: v.string(),
  credits: creditsOut,
  batch: BatchFacts,
  acquired: v.picklist(["issued", "bought", "received", "returned"]),
  acquiredAt: momentOut,
  referenceId: v.string(),
});

export const LotPage = pageOf(Lot);

/** A batch's part in a wallet. */
export const Provenance = v.object({
  items: v.array(v.object({ batch: BatchFacts, credits: creditsOut })),
});

export const SerialQuery = v.object({ serial: textOf(200) });

export const lifeSteps = [
  "issued",
  "listed",
  "unlisted",
  "sold",
  "transferred",
  "retired",
  "cancelled",
  "moved",
] as const;

/** The life of a run of grams, told without persons. */
export const Timeline = v.object({
  serial: v.string(),
  credits: creditsOut,
  batch: BatchFacts,
  /** Why and when its batch was found to be issued wrongly: what was sold of it is told of, too. */
  revoked: v.nullable(v.object({ reason: v.string(), revokedAt: momentOut })),
  /** The runs within it that have lived alike, in the order of their numbers. */
  runs: v.array(
    v.object({
      serial: v.string(),
      credits: creditsOut,
      state: v.picklist(["held", "listed", "retired", "cancelled", "buffer"]),
      steps: v.array(
        v.object({
          step: v.picklist(lifeSteps),
          at: momentOut,
          /** The certificate that tells of this step, where there is one. */
          certificateNumber: v.nullable(v.string()),
          /** For whom they were retired. */
          beneficiaryName: v.nullable(v.string()),
        }),
      ),
    }),
  ),
  /** True when the run has been split so often that only its first parts are shown. */
  more: v.boolean(),
});

export type TimelineView = v.InferInput<typeof Timeline>;

// Public registry

export const BatchQuery = v.object({
  ...pageEntries,
  q: v.optional(textOf(200, 0)),
  vintage: v.optional(yearIn),
  country: v.optional(countryCode),
  method: v.optional(textOf(60, 0)),
});

export const RegistryBatch = v.object({
  ...BatchFacts.entries,
  serial: v.string(),
  tripCount: v.number(),
  /** From the beginning of the first trip's month to the end of the last one's. */
  periodFrom: momentOut,
  periodTo: momentOut,
  issued: creditsOut,
  /** In wallets and listings: still in circulation. */
  circulating: creditsOut,
  retired: creditsOut,
  cancelled: creditsOut,
  buffer: creditsOut,
  /** Why and when the batch was found to be issued wrongly; null for a sound one. */
  revocation: v.nullable(Revocation),
});

export const BatchNumber = v.object({
  number: v.pipe(v.string(), v.regex(/^\d{1,18}$/, "Enter the batch's number in digits.")),
});

export const RetirementQuery = v.object({
  ...pageEntries,
  q: v.optional(textOf(200, 0)),
});

export const Retirement = v.object({
  id: idOut("retirement"),
  credits: creditsOut,
  serials: v.array(v.string()),
  /** Null for the moment until it is certified. */
  certificateNumber: v.nullable(v.string()),
  vintages: v.array(v.number()),
  methods: v.array(v.string()),
  /** Those of them whose batch was revoked afterwards. */
  revokedCredits: creditsOut,
  beneficiaryName: v.string(),
  beneficiaryCountry: v.nullable(v.string()),
  beneficiaryLei: v.nullable(v.string()),
  periodFrom: v.nullable(v.string()),
  periodTo: v.nullable(v.string()),
  reason: v.string(),
  message: v.nullable(v.string()),
  retiredAt: momentOut,
});

export type RetirementView = v.InferInput<typeof Retirement>;

export const RetirementId = v.object({ id: idOf("retirement") });

export const OwnRetirements = v.object({ userId: idOf("user"), ...pageEntries });

export const BatchPage = pageOf(RegistryBatch);
export const RetirementPage = pageOf(Retirement);

const note = v.nullable(v.string());
const guid = v.pipe(v.string(), v.uuid());
const link = v.pipe(v.string(), v.url());

/**
 * A batch in the words of the Climate Action Data Trust's data model 2.0.2: a record of each of its tables, with the
 * names, types and picklists that it gives. Its ids are the same each time.
 */
export const CadTrust = v.object({
  program: v.object({
    cadTrustProgramId: guid,
    programName: v.string(),
    programRegistry: v.string(),
    programRegistryId: v.string(),
  }),
  methodology: v.object({
    cadTrustMethodologyId: guid,
    methodologyCode: v.string(),
    methodologyName: v.string(),
    methodologyType: v.literal("Avoidance - technical"),
    methodologyVersion: v.string(),
    methodologyLink: link,
  }),
  project: v.object({
    cadTrustProjectId: guid,
    cadTrustProgramId: guid,
    projectRegistryName: v.string(),
    projectId: v.string(),
    projectCreditingProgram: v.string(),
    projectName: v.string(),
    projectLink: link,
    projectSector: v.array(v.literal("Transport")),
    projectType: v.array(v.literal("Transport")),
    projectSubtype: v.string(),
    projectStatus: v.literal("Verified"),
    /** The day of its first credits. */
    projectStatusDate: v.string(),
    projectUnitMetric: v.literal("tCO2e"),
  }),
  projectMethodology: v.object({
    cadTrustProjectMethodologyId: guid,
    cadTrustProjectId: guid,
    cadTrustMethodologyId: guid,
  }),
  location: v.object({ cadTrustLocationId: guid, cadTrustProjectId: guid, locationCountry: v.string() }),
  verification: v.object({
    cadTrustVerificationId: guid,
    cadTrustProjectId: guid,
    /** Nobody outside has validated a design document. */
    cadTrustValidationId: v.null(),
    verificationId: v.string(),
    /** The vintage, by month. */
    verificationStartDate: v.string(),
    verificationEndDate: v.string(),
    /** The auditor, also where the model's list does not have them. */
    verificationBody: v.string(),
  }),
  issuance: v.object({
    cadTrustIssuanceId: guid,
    cadTrustVerificationId: guid,
    cadTrustProjectMethodologyId: guid,
    cadTrustLocationId: guid,
    issuanceId: v.string(),
    issuanceDate: v.string(),
  }),
  units: v.array(
    v.object({
      cadTrustUnitId: guid,
      cadTrustIssuanceId: guid,
      unitSerialId: v.string(),
      /** Grams; `unitCount` is tonnes. */
      unitStartBlock: v.string(),
      unitEndBlock: v.string(),
      unitCount: creditsOut,
      unitType: v.literal("Avoidance - technical"),
      unitVintageYear: v.number(),
      unitStatus: v.picklist(["Held", "Retired", "Cancelled", "Buffer"]),
      unitStatusReason: v.string(),
      unitStatusDate: momentOut,
      /** The number of the certificate of retirement. */
      unitRetirementDetail: note,
      unitRetirementBeneficiary: note,
      /** A company's Legal Entity Identifier. */
      unitRetirementBeneficiaryId: note,
      unitLink: link,
      unitMetric: v.literal("tCO2e"),
      unitCurrentOwner: v.null(),
      unitItmosReferenceId: v.null(),
    }),
  ),
  /** Where a batch has more units than an answer holds: what to ask for as `fromGram`, with its number as `batch`. */
  nextGram: note,
});

export type CadTrustView = v.InferInput<typeof CadTrust>;

/** Ten batches a page at most, whatever is asked for; or one by its number, from a gram on. */
export const CadTrustQuery = v.object({
  ...pageEntries,
  batch: v.optional(BatchNumber.entries.number),
  fromGram: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,17}$/, "Enter the gram's number in digits."))),
});

/** The year is a calendar's in the zone. */
export const StatementQuery = v.object({
  userId: idOf("user"),
  year: yearIn,
  zone: v.optional(zoneIn, "UTC"),
});

/** What the ledger says of all credits. issued = circulating + retired + cancelled + buffer. */
export const RegistryTotals = v.object({
  issued: creditsOut,
  circulating: creditsOut,
  listed: creditsOut,
  retired: creditsOut,
  cancelled: creditsOut,
  buffer: creditsOut,
  /** Issued wrongly, and not made up for yet: as many of those that circulate or were retired stand on nothing. */
  shortfall: creditsOut,
  batches: countOut,
  revokedBatches: countOut,
  retirements: countOut,
});

/**
 * All grams in the order of their serial numbers, as at most 260 runs; `share` is a run's part of the sum of all shares.
 * `held` grams are with the owner they were issued to, `sold` ones with somebody else, `retired` ones out of
 * circulation for good.
 */
export const Strip = v.object({
  runs: v.array(
    v.object({
      state: v.picklist(["held", "listed", "sold", "retired", "cancelled", "buffer"]),
      share: v.number(),
    }),
  ),
  ...RegistryTotals.entries,
});

export type StripView = v.InferInput<typeof Strip>;
