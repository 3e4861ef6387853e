/** What a column can mean. A format maps its headers to these, and the user may map them differently. */
export const columnRoles = [
  "id",
  "start",
  "end",
  "date",
  "end_date",
  "time",
  "zone",
  "duration_min",
  "duration_s",
  "idle_min",
  "distance",
  "distance_unit",
  "odometer",
  "start_odometer",
  "end_odometer",
  "energy",
  "consumption",
  "start_lat",
  "start_lon",
  "end_lat",
  "end_lon",
  "start_location",
  "end_location",
  "notes",
  "speed",
  "lat",
  "lon",
  "soc",
  "start_soc",
  "end_soc",
  "soc_used",
  "shift_state",
  "vehicle",
] as const;

export type ColumnRole = (typeof columnRoles)[number];

/** Column number of each role that the file has. */
export type Columns = Partial<Record<ColumnRole, number>>;

/** Plain headers by what they mean; of several that a file has, the first one counts. */
export type Synonyms = Partial<Record<ColumnRole, readonly string[]>>;

/** Whether a vehicle has a motorbike's ways or a car's, where that is known. */
export type VehicleKind = "car" | "two-wheeler" | "any";
