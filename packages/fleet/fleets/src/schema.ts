import { VehicleView } from "@evx/garage/schema";
import { byteStream, ImportView, importChoices, PreviewView } from "@evx/imports/schema";
import { creditsOut, idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import { TripPage, VehicleSummary } from "@evx/trips/schema";
import * as v from "valibot";

const file = {
  content: byteStream,
  contentType: v.optional(v.string(), ""),
  fileName: v.optional(textOf(300, 0), ""),
  /** The file's name, for senders whose body has none. */
  name: v.optional(textOf(300, 0), ""),
};

export const CarsFile = v.object(file);

/** A row that could not be used: its place in the file, the column, and why. */
export const RowProblem = v.object({
  row: v.number(),
  field: v.string(),
  /** The column's header as the file has it; null where the row as a whole, or a column that is not there, is meant. */
  column: v.nullable(v.string()),
  code: v.string(),
  reason: v.string(),
});

export const CarsAnswer = v.object({
  /** Cars that are new, and cars that were yours already; of these, plate and name are taken over. */
  created: v.number(),
  known: v.number(),
  vehicles: v.array(VehicleView),
  rejected: v.array(RowProblem),
});

/** How files of many cars are read; remembered for the fleet by their header. */
export const FleetChoices = v.object({
  zone: importChoices.zone,
  distanceUnit: importChoices.distanceUnit,
  decimal: importChoices.decimal,
  dateOrder: importChoices.dateOrder,
  mapping: importChoices.mapping,
  /** The header of the column that names the car, where it is not one that we know. */
  vehicleColumn: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

export const FleetFile = v.object({
  ...file,
  repeat: v.optional(
    v.pipe(
      v.union([v.boolean(), v.picklist(["true", "false"])]),
      v.transform((value) => String(value) === "true"),
    ),
  ),
  ...FleetChoices.entries,
});

/** Names in the file that are no car of yours, with how many rows each has. */
const unmatched = v.array(v.object({ name: v.string(), rows: v.number(), firstRow: v.number() }));

/** How a file of many cars would be taken apart and read; the beginning alone may have been sent. */
export const FleetPreview = v.object({
  header: v.array(v.string()),
  /** Headers of the columns that name the car. None: say which one does as `vehicleColumn`. */
  vehicleColumns: v.array(v.string()),
  rows: v.number(),
  /** Your cars that the file names, those with the most rows first. */
  cars: v.array(v.object({ vehicleId: idOut("vehicle"), name: v.string(), rows: v.number() })),
  unmatched,
  /** The rows of the first of these cars as they would be read; row numbers are the file's. */
  trips: v.nullable(PreviewView),
});

export const FleetImportView = v.object({
  id: idOut("fleetImport"),
  status: v.picklist(["running", "done"]),
  fileName: v.nullable(v.string()),
  rowsRead: v.number(),
  imported: v.number(),
  duplicates: v.number(),
  rejectedCount: v.number(),
  /** One entry for each car that the file names: its import, or why its part was refused as a whole. */
  cars: v.array(
    v.object({
      vehicleId: idOut("vehicle"),
      name: v.string(),
      import: v.nullable(ImportView),
      refusal: v.nullable(v.object({ code: v.string(), message: v.string() })),
    }),
  ),
  unmatched,
  createdAt: momentOut,
});

export const FleetImportId = v.object({ id: idOf("fleetImport") });

export const Driver = v.object({
  id: idOut("driver"),
  vehicleId: idOut("vehicle"),
  email: v.string(),
  name: v.nullable(v.string()),
  state: v.picklist(["invited", "lapsed", "active"]),
  invitedAt: momentOut,
  joinedAt: v.nullable(momentOut),
});

/** What a car of the fleet is waiting for. */
export const carState = v.picklist(["empty", "requestable", "requested", "handed_over"]);

export const FleetCar = v.object({
  ...VehicleSummary.entries,
  state: carState,
  drivers: v.array(Driver),
});

export const FleetCarPage = pageOf(FleetCar);

/** Names as people order them; the most driven first; the most that can be requested first; the newest first. */
export const fleetOrders = ["name", "distance", "requestable", "newest"] as const;

export const FleetCars = v.object({
  ...pageEntries,
  q: v.optional(textOf(60, 0)),
  order: v.optional(v.picklist(fleetOrders), "name"),
});

export const FleetView = v.object({
  vehicles: v.number(),
  drivers: v.number(),
  trips: v.number(),
  distanceKm: v.number(),
  co2SavedKg: v.number(),
  claimableCredits: creditsOut,
});

const email = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(254),
  v.regex(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, "Enter an email address, such as name@example.com."),
  v.toLowerCase(),
);

export const InviteDriver = v.object({ id: idOf("vehicle"), email });

/** The secret is shown this once: whoever has it can accept. */
export const InvitedDriver = v.object({ driver: Driver, secret: v.string() });

export const DriverId = v.object({ driverId: idOf("driver") });

export const JoinAsDriver = v.object({
  driverId: idOf("driver"),
  /** From the link; not needed where the invitation's address is yours and confirmed. */
  secret: v.optional(v.pipe(v.string(), v.maxLength(100))),
});

export const VehicleOfFleet = v.object({ id: idOf("vehicle") });

export const Drivers = v.object({ items: v.array(Driver) });

/** A car as its driver sees it: what they drove since they joined, and nothing of anybody else's. */
export const DrivenCar = v.object({
  driverId: idOut("driver"),
  vehicleId: idOut("vehicle"),
  make: v.string(),
  model: v.string(),
  year: v.number(),
  plate: v.nullable(v.string()),
  label: v.nullable(v.string()),
  fleet: v.string(),
  since: momentOut,
  trips: v.number(),
  distanceKm: v.number(),
  co2SavedKg: v.number(),
});

export const Invitation = v.object({
  driverId: idOut("driver"),
  make: v.string(),
  model: v.string(),
  plate: v.nullable(v.string()),
  fleet: v.string(),
  invitedAt: momentOut,
});

export const Driving = v.object({ cars: v.array(DrivenCar), invitations: v.array(Invitation) });

export const DrivenTrips = v.object({ driverId: idOf("driver"), ...pageEntries });

export const DrivenTripPage = TripPage;
