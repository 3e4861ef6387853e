import { CadTrust, retirementForm } from "@evx/credits/schema";
import {
  creditsIn,
  creditsOut,
  documentOut,
  idOf,
  idOut,
  inOrder,
  momentOut,
  pageEntries,
  pageOf,
  textOf,
} from "@evx/kernel";
import {
  type CertificateDocument,
  certificateKinds,
  certificateStates,
  type HoldingFile,
  rangeStates,
  readCertificateNumber,
} from "@evx/proof";
import * as v from "valibot";

// Everything that crosses the wire, and the closed lists behind it. Safe for the browser.

/** What lists are narrowed by. */
export const certificateStatus = v.picklist(["valid", "revoked"]);

const ranges = v.array(v.object({ serial: v.string(), state: v.picklist(rangeStates) }));

export const Certificate = v.object({
  id: idOut("certificate"),
  certificateNumber: v.string(),
  kind: v.picklist(certificateKinds),
  creditsAmount: creditsOut,
  serials: v.array(v.string()),
  issueDate: momentOut,
  /** `valid` while it is the newest word on any of its grams. */
  status: v.picklist(certificateStates),
  /** Credits for which it is the newest word. */
  current: creditsOut,
  /** What became of its grams, run by run: the first 200 runs. */
  ranges,
  /** How many runs there are, and how many of them are current, also of those that are not listed. */
  runs: v.number(),
  currentRuns: v.number(),
  revocationReason: v.nullable(v.string()),
  holderName: v.string(),
  beneficiaryName: v.nullable(v.string()),
  orderId: v.nullable(v.string()),
  pdfUrl: v.string(),
  verifyUrl: v.string(),
});

export type CertificateView = v.InferInput<typeof Certificate>;

export const CertificateAnswer = v.object({ certificate: Certificate });
export const CertificatePage = pageOf(Certificate);

export const ListCertificates = v.object({
  userId: idOf("user"),
  ...pageEntries,
  kind: v.optional(v.picklist(certificateKinds)),
});

export const IssuedCertificates = v.object({ ...pageEntries, status: v.optional(certificateStatus) });

export const CertificateNumber = v.object({
  number: v.pipe(textOf(60), v.transform(readCertificateNumber)),
});

export const PrintCertificate = v.object({
  ...CertificateNumber.entries,
  locale: v.optional(v.picklist(["en", "vi"])),
});

const document = documentOut<CertificateDocument>("An `evx-certificate/1`, which the signature covers.");

/** A signed `evx-status/1`. */
export const Status = v.object({
  format: v.literal("evx-status/1"),
  number: v.string(),
  status: v.picklist(certificateStates),
  asOf: v.string(),
  logSize: v.number(),
  ranges,
  revocation: v.nullable(v.object({ revokedAt: v.string(), reason: v.string() })),
  keyId: v.string(),
  signature: v.string(),
});

/** Where something stands in the public log; null until the next checkpoint, a second or two. */
const logged = v.nullable(
  v.object({
    index: v.number(),
    entry: v.string(),
    proof: v.array(v.string()),
    checkpoint: v.string(),
  }),
);

/** GET /public/batches/{number} */
/** By whom an auditor is accredited, and how sure they are of what they verify (ISO 14064-3). */
const Accreditation = v.object({
  body: v.string(),
  number: v.string(),
  assurance: v.picklist(["limited", "reasonable"]),
  validUntil: v.nullable(v.string()),
  /** Whether it held at the moment in question. */
  valid: v.boolean(),
});

export type AccreditationView = v.InferOutput<typeof Accreditation>;

/** A batch as CAD Trust's model has it, and beside that, in our own words, how who verified it was accredited then. */
export const CadTrustPage = pageOf(
  v.object({ ...CadTrust.entries, accreditation: v.nullable(Accreditation) }),
);

export const Auditors = v.object({
  items: v.array(v.object({ name: v.string(), ...Accreditation.entries })),
});

export const PublicBatch = v.object({
  number: v.string(),
  serial: v.string(),
  grams: v.string(),
  credits: creditsOut,
  vintage: v.number(),
  country: v.string(),
  method: v.string(),
  factorSet: v.string(),
  quality: v.string(),
  root: v.nullable(v.string()),
  size: v.number(),
  /** Grams that the root commits to; null for a tree that was grown before trees did. */
  sum: v.nullable(v.string()),
  certificateNumber: v.nullable(v.string()),
  /** Its auditor as accredited when it was issued; null where nothing had been entered. */
  accreditation: v.nullable(Accreditation),
  log: logged,
});

/** GET /public/book */
export const PublicBook = v.object({
  day: v.string(),
  root: v.string(),
  leaves: v.number(),
  /** All credits that were ever issued: what everybody holds, has retired, or the venue keeps or cancelled. */
  credits: creditsOut,
  closedAt: momentOut,
  log: logged,
});

const calendarDay = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/, "Enter the day as YYYY-MM-DD."));

const isDay = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};

export const EnterAccreditation = v.strictObject({
  id: idOf("user"),
  body: textOf(200),
  number: textOf(100),
  assurance: v.picklist(["limited", "reasonable"]),
  validUntil: v.optional(v.nullable(v.pipe(calendarDay, v.check(isDay, "There is no such day.")))),
});

export const AccreditationAnswer = v.object({ accreditation: v.nullable(Accreditation) });

export const AuditorId = v.object({ id: idOf("user") });

export const BookOfDay = v.object({ day: v.optional(calendarDay) });

export const SnapshotDay = v.object({ day: calendarDay });

/** Statements as they were signed: `evx-snapshot/1`. */
export const Snapshots = pageOf(v.object({ day: v.string(), statement: v.string(), signature: v.string() }));

/** One with the log's proof of it: checked by whoever has the lines and keeps the registry's facts. */
export const SnapshotStatement = v.object({
  day: v.string(),
  statement: v.string(),
  signature: v.string(),
  log: logged,
});

export const SnapshotQuery = v.object(pageEntries);

/** GET /book/proof: an `evx-holding/1`, checked by @evx/proof alone. */
export const HoldingProof = v.object({
  closedAt: momentOut,
  file: documentOut<HoldingFile>("An `evx-holding/1`."),
});

export const PublicLeaves = v.object({
  number: v.string(),
  root: v.nullable(v.string()),
  sum: v.nullable(v.string()),
  items: v.array(v.object({ hash: v.string(), grams: v.nullable(v.string()) })),
});

/** GET /public/certificates/{number}: a file that `verifyCertificate` takes as it is. */
export const PublicCertificate = v.object({
  certificateNumber: v.string(),
  kind: v.picklist(certificateKinds),
  status: Status,
  log: logged,
  certificate: document,
  signature: v.string(),
  algorithm: v.literal("Ed25519"),
  keyId: v.string(),
  publicKey: v.string(),
  revocation: v.nullable(v.object({ revokedAt: v.string(), reason: v.string() })),
  /** Batches of its credits that were found to be issued wrongly since; the certificate itself stands. */
  revokedBatches: v.array(v.object({ batch: v.string(), reason: v.string(), revokedAt: momentOut })),
  retirement: v.nullable(
    documentOut<NonNullable<CertificateDocument["retirement"]>>(
      "Beneficiary, country, period, reason and message, as the certificate says them.",
    ),
  ),
  pdfUrl: v.string(),
  verifyUrl: v.string(),
});

export const BatchNumber = v.object({
  number: v.pipe(v.string(), v.regex(/^\d{1,18}$/, "Enter the batch's number in digits.")),
});

/** GET /public/registry/batches/{number}/root: null for a batch that was not issued by a review. */
export const PublishedRoot = v.object({
  batch: v.string(),
  root: v.nullable(v.string()),
  trips: v.number(),
  certificateNumber: v.nullable(v.string()),
});

export const PublicKeys = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      publicKey: v.string(),
      algorithm: v.literal("Ed25519"),
      addedAt: momentOut,
      /** Nothing that it signed later counts. */
      withdrawnAt: v.nullable(momentOut),
      /** Which older key vouched for it: its signature over "evx-key/1", id and key, a line each. */
      cross: v.nullable(v.object({ by: v.string(), signature: v.string() })),
    }),
  ),
});

export const Revoke = v.object({ id: idOf("certificate"), reason: textOf(2_000, 3) });

/** POST /credits/retire, as its page and the wire name it. */
export const Retire = v.pipe(
  v.object({
    /** Named by the caller, so that asking again retires nothing twice. */
    retirementId: v.optional(idOf("retirement")),
    amount: creditsIn,
    ...retirementForm,
  }),
  inOrder("periodFrom", "periodTo"),
);

export const SearchRegistry = v.object({
  ...pageEntries,
  q: v.optional(textOf(120, 0)),
  kind: v.optional(v.picklist(certificateKinds)),
});

export const RegistryCertificate = v.object({
  certificateNumber: v.string(),
  kind: v.picklist(certificateKinds),
  creditsAmount: creditsOut,
  holderName: v.string(),
  beneficiaryName: v.nullable(v.string()),
  issueDate: momentOut,
  status: v.picklist(certificateStates),
  /** Credits for which it is the newest word. */
  current: creditsOut,
  /** What became of its grams, run by run: the first 200 runs. */
  ranges,
  /** How many runs there are, and how many of them are current, also of those that are not listed. */
  runs: v.number(),
  currentRuns: v.number(),
  verifyUrl: v.string(),
});

export const RegistryPage = pageOf(RegistryCertificate);

/** The log as somebody saw it before: what it had then must be the beginning of what it has now. */
const Remembered = v.object({
  origin: textOf(200),
  key: textOf(300),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  root: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Keys of the witnesses, and how many of them were promised. */
  witnesses: v.optional(v.pipe(v.array(textOf(300)), v.maxLength(100))),
  wanted: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
});

export const VerifyRegistry = v.optional(v.strictObject({ remembered: v.optional(Remembered) }));

/** Each fault names its entry or row; none means that all of it holds. */
export const RegistryVerdict = v.object({
  remember: v.nullable(Remembered),
  entries: v.number(),
  issued: v.string(),
  retired: v.string(),
  cancelled: v.string(),
  faults: v.array(v.string()),
});

/** What the public home shows of the registry. Roots are what seals are drawn from. */
export const Glance = v.object({
  latest: v.nullable(
    v.object({
      number: v.string(),
      serial: v.string(),
      credits: creditsOut,
      issuedAt: momentOut,
      trips: v.number(),
      drivenFrom: momentOut,
      root: v.nullable(v.string()),
    }),
  ),
  gram: v.nullable(
    v.object({
      serial: v.string(),
      batch: v.string(),
      gram: v.string(),
      vehicleClass: v.string(),
      country: v.string(),
      cvaName: v.string(),
      state: v.string(),
      steps: v.array(v.object({ step: v.string(), at: momentOut })),
    }),
  ),
  retired: v.object({
    /** False where nothing was retired in the last seven days and older ones are shown. */
    week: v.boolean(),
    items: v.array(
      v.object({
        certificateNumber: v.string(),
        beneficiary: v.string(),
        reason: v.string(),
        message: v.nullable(v.string()),
        credits: creditsOut,
        retiredAt: momentOut,
        root: v.nullable(v.string()),
      }),
    ),
  }),
});

export type GlanceView = v.InferInput<typeof Glance>;
