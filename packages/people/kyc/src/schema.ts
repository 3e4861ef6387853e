import { kycStatus, roleName } from "@evx/accounts/schema";
import { countryCode, idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

/** A file that comes as the request's body. */
export const byteStream = v.custom<ReadableStream<Uint8Array>>(
  (value) => typeof value === "object" && value !== null && "getReader" in value,
  "Send the file as the body, or as a multipart field named file.",
);

export const UploadDocument = v.object({
  content: byteStream,
  contentType: v.optional(v.string()),
  fileName: v.optional(textOf(300, 0)),
});

export const documentType = v.picklist([
  "passport",
  "national_id",
  "driving_licence",
  "residence_permit",
  "company_registration",
]);

export const Document = v.object({
  id: idOut("document"),
  /** What the content is, whatever it was called. */
  contentType: v.string(),
  size: v.number(),
  createdAt: momentOut,
});

export const DocumentAnswer = v.object({ document: Document });

export const DocumentId = v.object({ id: idOf("document") });

export const SubmitKyc = v.object({
  legalName: textOf(120, 2),
  countryCode,
  documentType,
  documentNumber: v.pipe(
    v.string(),
    v.trim(),
    v.toUpperCase(),
    v.regex(/^[A-Z0-9][A-Z0-9 ./-]{3,39}$/, "Enter the number as it is printed: letters and digits."),
  ),
  documentIds: v.pipe(
    v.array(idOf("document")),
    v.minLength(1, "Add at least one picture."),
    v.maxLength(4, "At most 4 pictures."),
  ),
});

export const kycFileStatus = v.picklist(["submitted", "verified", "rejected"]);

/** A file as it is listed: nothing that identifies, beside whose it is. */
export const KycFile = v.object({
  id: idOut("kycFile"),
  userId: idOut("user"),
  userName: v.string(),
  userRole: roleName,
  status: kycFileStatus,
  countryCode: v.string(),
  documentType,
  submittedAt: momentOut,
  decidedAt: v.nullable(momentOut),
  reason: v.nullable(v.string()),
});

export const OwnKyc = v.object({ status: kycStatus, file: v.nullable(KycFile) });

export const KycQueue = v.object({ ...pageEntries, status: v.optional(kycFileStatus, "submitted") });

export const KycPage = pageOf(KycFile);

export const KycFileId = v.object({ id: idOf("kycFile") });

/** Everything that a reviewer sees; every such reading leaves a trace. */
export const KycDetail = v.object({
  file: KycFile,
  legalName: v.string(),
  documentNumber: v.string(),
  documents: v.array(Document),
  /** How many other people have handed in the same document. */
  sameDocument: v.number(),
});

export const DecideKyc = v.pipe(
  v.object({
    id: idOf("kycFile"),
    decision: v.picklist(["verified", "rejected"]),
    reason: v.optional(textOf(500, 3)),
  }),
  v.forward(
    v.check(
      ({ decision, reason: why }) => decision === "verified" || why !== undefined,
      "Say why it is rejected.",
    ),
    ["reason"],
  ),
);

export const Rotated = v.object({ done: v.number(), left: v.number() });
