import type { PreviewView as PreviewSchema } from "@evx/imports/schema";
import type { InferOutput } from "valibot";

/** How the server would read a file. */
export type PreviewView = InferOutput<typeof PreviewSchema>;

/** What the person decided about a file; what is not here is as the server read it. */
export type Choices = {
  zone?: string;
  distanceUnit?: "km" | "mi";
  decimal?: "." | ",";
  dateOrder?: "ymd" | "dmy" | "mdy";
  mapping?: Record<string, string>;
  /** Of a file of several cars, this one, as the file names it. */
  vehicle?: string;
  /** Of a log that names no day, when it begins; never remembered. */
  logBegan?: string;
};

/** Columns that a person can point out: of a table of trips, and of a log of readings. */
export const mappedRoles = [
  "start",
  "end",
  "duration_min",
  "date",
  "end_date",
  "zone",
  "distance",
  "energy",
  "consumption",
  "start_soc",
  "end_soc",
  "soc_used",
  "start_odometer",
  "end_odometer",
  "start_lat",
  "start_lon",
  "end_lat",
  "end_lon",
  "notes",
  "id",
] as const;

/** With a time and any of these a file is a log of readings, from which trips are made. */
export const readingRoles = ["speed", "lat", "lon", "odometer", "soc"] as const;

const HEAD = 256 * 1024;
/** So much is sent whole: numbers and dates that could be read in two ways are decided by all rows of a file. */
const WHOLE = 8 * 1024 * 1024;

/** What the preview needs of a file: all of it, or the beginning up to the end of a line, so that no row is shown cut. */
export const beginningOf = async (file: File): Promise<Blob> => {
  // A workbook, a track or an archive makes no sense by halves.
  if (file.size <= WHOLE || /\.(xlsx|gpx|zip)$/i.test(file.name)) return file;
  const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const line = bytes.lastIndexOf(10);
  // In UTF-16 a newline is two bytes, and the second one belongs to it.
  return file.slice(0, line < 0 ? HEAD : line + (bytes[line + 1] === 0 ? 2 : 1));
};
