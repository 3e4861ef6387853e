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
};

/** Columns that a person can point out; the others belong to formats that we know. */
export const mappedRoles = [
  "start",
  "end",
  "duration_min",
  "date",
  "distance",
  "energy",
  "consumption",
  "start_odometer",
  "end_odometer",
  "start_lat",
  "start_lon",
  "end_lat",
  "end_lon",
  "notes",
  "id",
] as const;

/** The address of an upload with its choices. */
export const addressOf = (
  vehicleId: string,
  part: "" | "/preview",
  choices: Choices,
  name: string,
): string => {
  const query = new URLSearchParams({ name });
  for (const [key, value] of Object.entries(choices)) {
    if (value !== undefined) query.set(key, typeof value === "string" ? value : JSON.stringify(value));
  }
  return `/api/vehicles/${vehicleId}/trips${part}?${query}`;
};

const HEAD = 256 * 1024;

/** The beginning of a file up to the end of a line, so that no row is shown cut. */
export const beginningOf = async (file: File): Promise<Blob> => {
  if (file.size <= HEAD) return file;
  const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const line = bytes.lastIndexOf(10);
  // In UTF-16 a newline is two bytes, and the second one belongs to it.
  return file.slice(0, line < 0 ? HEAD : line + (bytes[line + 1] === 0 ? 2 : 1));
};
