import { countryCode, idOf, idOut, momentIn, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";
import { decimal, FindingView, vehicleClass, wholeNumber } from "./schema-fields.ts";

const byteStream = v.custom<ReadableStream<Uint8Array>>(
  (value) => typeof value === "object" && value !== null && "getReader" in value,
  "Send the file as the body, or as a multipart field named file.",
);

const dateOrder = v.picklist(["ymd", "dmy", "mdy"]);

const columnMapping = v.record(v.pipe(v.string(), v.maxLength(40)), v.pipe(v.string(), v.maxLength(200)));

/** What a file leaves open. Whatever is not said is taken from the vehicle's settings, else guessed and shown. */
const importChoices = {
  zone: v.optional(v.pipe(v.string(), v.maxLength(60))),
  distanceUnit: v.optional(v.picklist(["km", "mi"])),
  decimal: v.optional(v.picklist([".", ","])),
  dateOrder: v.optional(dateOrder),
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
  fileName: v.optional(v.string(), ""),
  /** The file's name, for senders whose body has none. */
  name: v.optional(v.pipe(v.string(), v.maxLength(300)), ""),
  ...importChoices,
});

export const PreviewTrips = ImportTrips;

/** What a box sends: a stream, and what its times and units mean. The token is in the header X-Vehicle-Token. */
export const PushTrips = v.object({
  content: byteStream,
  contentType: v.optional(v.string(), ""),
  ...importChoices,
});

export const CreatePushToken = v.object({ id: idOf("vehicle"), label: textOf(60) });

export const NewPushToken = v.object({ id: idOut("token"), label: v.string(), token: v.string() });

export const RevokePushToken = v.object({ id: idOf("vehicle"), tokenId: idOf("token") });

export const PushTokens = v.object({
  items: v.array(
    v.object({
      id: idOut("token"),
      label: v.string(),
      createdAt: momentOut,
      lastUsedAt: v.nullable(momentOut),
    }),
  ),
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
  encoding: v.string(),
  delimiter: v.nullable(v.string()),
  header: v.array(v.string()),
  columns: v.record(v.string(), v.string()),
  roles: v.array(v.string()),
  decimal: v.picklist([".", ","]),
  dateOrder,
  dateOrderUncertain: v.boolean(),
  distanceUnit: v.picklist(["km", "mi"]),
  unitSilent: v.boolean(),
  zone: v.string(),
  zoneSilent: v.boolean(),
  sample: v.array(v.array(v.string())),
  trips: v.array(
    v.object({
      row: v.number(),
      startTime: momentOut,
      endTime: momentOut,
      precision: v.picklist(["exact", "estimated", "day"]),
      distanceKm: v.number(),
      energyKwh: v.nullable(v.number()),
      notes: v.nullable(v.string()),
      flags: v.array(FindingView),
    }),
  ),
  rejected: v.array(RejectionView),
  rowsRead: v.number(),
});

export const HandOver = v.object({
  id: idOf("vehicle"),
  at: momentIn,
  odometerKm: v.optional(decimal(2_000_000, "Write the kilometres on the odometer.")),
});

export const ReadOdometer = v.object({
  id: idOf("vehicle"),
  readAt: momentIn,
  odometerKm: decimal(2_000_000, "Write the kilometres on the odometer."),
});

/** What trips claim against what the odometer says was driven, stretch by stretch. */
export const ReconciliationView = v.object({
  stretches: v.array(
    v.object({
      from: momentOut,
      to: momentOut,
      drivenKm: v.number(),
      tripsKm: v.number(),
      /** Driven without a trip: positive. Trips beyond what was driven: negative. */
      gapKm: v.number(),
      verdict: v.picklist(["matches", "gap", "excess"]),
    }),
  ),
  drivenKm: v.nullable(v.number()),
  tripsKm: v.number(),
  excess: v.boolean(),
});

export const CatalogueInput = v.object({ q: v.optional(v.pipe(v.string(), v.maxLength(60)), "") });

export const CatalogueView = v.object({
  items: v.array(
    v.object({
      make: v.string(),
      model: v.string(),
      batteryKwh: v.number(),
      kwhPer100Km: v.number(),
      class: vehicleClass,
    }),
  ),
});

export const VinInput = v.object({ vin: v.pipe(v.string(), v.maxLength(40)) });

export const VinView = v.object({
  vin: v.string(),
  acceptable: v.boolean(),
  maker: v.nullable(v.string()),
  finding: v.nullable(FindingView),
});

export const SetGridFactor = v.object({
  countryCode,
  year: v.pipe(wholeNumber("Write the year with four digits."), v.minValue(1990), v.maxValue(2200)),
  gramsPerKwh: decimal(2_000, "Write grams of CO2e per kWh, such as 486.13."),
  source: textOf(300, 3),
});

export const GridFactorsInput = v.object({ countryCode });

export const GridFactorsView = v.object({
  countryCode: v.string(),
  method: v.string(),
  factorSet: v.string(),
  /** Grams a kilometre; in a thousandth of a gram where it needs them. */
  flat: v.object({ petrolGramsPerKm: v.number(), electricGramsPerKm: v.number() }),
  metered: v.object({ petrolGramsPerKm: v.number(), chargingLossPercent: v.number() }),
  factors: v.array(
    v.object({
      year: v.number(),
      gramsPerKwh: v.number(),
      source: v.string(),
      /** Which entry of an operator it is; null where it comes from the bundled publications. */
      version: v.nullable(v.number()),
    }),
  ),
});

/** Every factor that operators have entered for a country, newest first: none is ever changed. */
export const GridFactorHistory = v.object({
  items: v.array(
    v.object({
      year: v.number(),
      version: v.number(),
      gramsPerKwh: v.number(),
      source: v.string(),
      setBy: v.string(),
      setAt: momentOut,
    }),
  ),
});
