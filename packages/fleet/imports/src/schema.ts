import { FindingView } from "@evx/formats/schema";
import { idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

export const byteStream = v.custom<ReadableStream<Uint8Array>>(
  (value) => typeof value === "object" && value !== null && "getReader" in value,
  "Send the file as the body, or as a multipart field named file.",
);

const dateOrder = v.picklist(["ymd", "dmy", "mdy"]);

const columnMapping = v.record(v.pipe(v.string(), v.maxLength(40)), v.pipe(v.string(), v.maxLength(200)));

/** What a file leaves open. Whatever is not said is taken from the vehicle's settings, else guessed and shown. */
export const importChoices = {
  zone: v.optional(textOf(60, 0)),
  distanceUnit: v.optional(v.picklist(["km", "mi"])),
  decimal: v.optional(v.picklist([".", ","])),
  dateOrder: v.optional(dateOrder),
  /** Of a file of several cars, this one, as its vehicle column names it. */
  vehicle: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  mapping: v.optional(
    v.pipe(
      v.union([columnMapping, v.pipe(v.string(), v.maxLength(8_000), v.parseJson(), columnMapping)]),
      v.check((mapping) => Object.keys(mapping).length <= 40, "At most 40 columns can be mapped."),
    ),
  ),
};

export const ImportTrips = v.object({
  id: idOf("vehicle"),
  content: byteStream,
  contentType: v.optional(v.string(), ""),
  fileName: v.optional(textOf(300, 0), ""),
  /** The file's name, for senders whose body has none. */
  name: v.optional(textOf(300, 0), ""),
  /** The owner was asked, and says that these are other trips than those they look like (`import_repeats`). */
  repeat: v.optional(
    v.pipe(
      v.union([v.boolean(), v.picklist(["true", "false"])]),
      v.transform((value) => String(value) === "true"),
    ),
  ),
  ...importChoices,
  /** Of a log that names no day: the local day on which it begins ("2026-03-04"), with the hour where it counts from zero. */
  logBegan: v.optional(textOf(20, 0)),
});

/** Choices to remember for files of a vehicle that have this header. */
export const RememberChoices = v.object({
  id: idOf("vehicle"),
  header: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(2_000)),
  ...importChoices,
});

export const RejectionView = v.object({
  row: v.number(),
  field: v.string(),
  code: v.string(),
  reason: v.string(),
});

export const importStatus = v.picklist([
  "receiving",
  "queued",
  "running",
  "done",
  "failed",
  "cancelled",
  "undone",
]);

export const ImportView = v.object({
  importId: idOut("import"),
  vehicleId: idOut("vehicle"),
  status: importStatus,
  format: v.nullable(v.string()),
  /** What a person calls the format. */
  formatTitle: v.nullable(v.string()),
  fileName: v.nullable(v.string()),
  imported: v.number(),
  duplicates: v.number(),
  flagged: v.number(),
  rejectedCount: v.number(),
  /** The first thousand; all of them are in the report. */
  rejected: v.array(RejectionView),
  rowsRead: v.number(),
  rowsTotal: v.nullable(v.number()),
  /** How times without a zone were read. */
  zone: v.nullable(v.string()),
  /** What is so in the whole file. */
  notes: v.array(FindingView),
  failure: v.nullable(v.object({ code: v.string(), message: v.string() })),
  /** Seconds until the end at the pace so far; null where nothing can be said. */
  secondsLeft: v.nullable(v.number()),
  createdAt: momentOut,
  finishedAt: v.nullable(momentOut),
});

export const ImportId = v.object({ id: idOf("import") });

export const ListImports = v.object({ id: idOf("vehicle"), ...pageEntries });

export const ImportPage = pageOf(v.omit(ImportView, ["rejected"]));

export const RejectionPage = pageOf(RejectionView);

export const ListRejections = v.object({ id: idOf("import"), ...pageEntries });

/** A file as it would be read: format, columns by meaning, what is open, and the first trips and broken rows. */
export const PreviewView = v.object({
  /** Null where the columns are not recognised: then `header` and `sample` help to map them. */
  format: v.nullable(v.string()),
  formatTitle: v.nullable(v.string()),
  encoding: v.string(),
  delimiter: v.nullable(v.string()),
  header: v.array(v.string()),
  columns: v.record(v.string(), v.string()),
  roles: v.array(v.string()),
  decimal: v.picklist([".", ","]),
  /** Whether every number of the file could be read with either mark. */
  decimalUncertain: v.boolean(),
  dateOrder,
  dateOrderUncertain: v.boolean(),
  distanceUnit: v.picklist(["km", "mi"]),
  unitSilent: v.boolean(),
  zone: v.string(),
  zoneSilent: v.boolean(),
  sample: v.array(v.array(v.string())),
  /** The first trips as they are understood: moments, speed over the whole trip, energy. */
  rows: v.array(
    v.object({
      row: v.number(),
      startTime: momentOut,
      endTime: momentOut,
      precision: v.picklist(["exact", "estimated", "day"]),
      distanceKm: v.number(),
      energyKwh: v.nullable(v.number()),
      /** By the charge before and after, and the battery's size. */
      energyEstimated: v.boolean(),
      /** Null for a day's record, which has no hours. */
      speedKmh: v.nullable(v.number()),
      notes: v.nullable(v.string()),
      flags: v.array(FindingView),
    }),
  ),
  rejected: v.array(RejectionView),
  rowsRead: v.number(),
  notes: v.array(FindingView),
});
