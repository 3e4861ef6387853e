import { decimal, FindingView, wholeNumber } from "@evx/formats/schema";
import { boundIn, countryCode, idOf, idOut, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

export const vehicleClass = v.picklist(["car", "van", "quadricycle", "motorcycle"]);

const battery = decimal(2_000, "Enter the battery's size in kWh, such as 60.");

/** What is on the number plate, and what its owner calls the car: by these a fleet's files name it. */
const plate = textOf(20);
const label = textOf(60);

export const RegisterVehicle = v.object({
  make: textOf(60),
  model: textOf(80),
  year: wholeNumber("Enter the model year with four digits."),
  vin: v.pipe(textOf(60, 0), v.maxLength(40, "A VIN has 17 characters.")),
  countryCode,
  batteryKwh: v.optional(v.nullable(battery)),
  /** What the catalogue says where it is not told. */
  class: v.optional(vehicleClass),
  /** The IANA name of the zone whose days are the vehicle's; that of most cars of its country where it is not told. */
  zone: v.optional(textOf(60)),
  plate: v.optional(v.nullable(plate)),
  label: v.optional(v.nullable(label)),
});

export const ChangeVehicle = v.object({
  id: idOf("vehicle"),
  make: v.optional(textOf(60)),
  model: v.optional(textOf(80)),
  batteryKwh: v.optional(v.nullable(battery)),
  class: v.optional(vehicleClass),
  zone: v.optional(textOf(60)),
  plate: v.optional(v.nullable(plate)),
  label: v.optional(v.nullable(label)),
});

export const VehicleView = v.object({
  id: idOut("vehicle"),
  ownerId: idOut("user"),
  make: v.string(),
  model: v.string(),
  year: v.number(),
  vin: v.string(),
  class: vehicleClass,
  countryCode: v.string(),
  batteryKwh: v.nullable(v.number()),
  zone: v.string(),
  plate: v.nullable(v.string()),
  label: v.nullable(v.string()),
  ownedFrom: v.nullable(momentOut),
  ownedTo: v.nullable(momentOut),
  createdAt: momentOut,
});

export const VehicleAnswer = v.object({ vehicle: VehicleView, warnings: v.array(FindingView) });

export const VehicleId = v.object({ id: idOf("vehicle") });

export const HandOver = v.object({
  id: idOf("vehicle"),
  /** A moment, or a day: then its beginning where the vehicle is. */
  at: boundIn,
  odometerKm: v.optional(decimal(2_000_000, "Enter the kilometres on the odometer.")),
});

export const ReadOdometer = v.object({
  id: idOf("vehicle"),
  /** As `at` of a hand-over. */
  readAt: boundIn,
  odometerKm: decimal(2_000_000, "Enter the kilometres on the odometer."),
});

export const CatalogueInput = v.object({ q: v.optional(textOf(60, 0), "") });

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

export const VinInput = v.object({ vin: textOf(40, 0) });

export const VinView = v.object({
  vin: v.string(),
  acceptable: v.boolean(),
  maker: v.nullable(v.string()),
  finding: v.nullable(FindingView),
});
