import { chunksOf, RowSplitter, sniffEncoding, unpacked } from "@evx/containers";
import { csvFile } from "@evx/files";
import { layoutOf, plainHeader } from "@evx/formats";
import { arriving } from "@evx/imports";
import { refuse } from "./errors.ts";
import { fleetLimits } from "./policy.ts";

/** All bytes of a body, which may not be more than so many. */
const wholeOf = async (content: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > most) throw refuse("fleet_file_too_large", { limit: most / 1024 / 1024 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Bytes of a table as text: of a workbook the sheet that `knows` its header, whatever encoding it is in. */
export const textOfFile = async (
  content: AsyncIterable<Uint8Array>,
  most: number,
  knows: Parameters<typeof unpacked>[1],
): Promise<string> => {
  const packed = await wholeOf(arriving(content), most);
  const bytes = await wholeOf(await unpacked(chunksOf(packed), knows), most);
  const { encoding, skip } = sniffEncoding(bytes);
  return new TextDecoder(encoding).decode(bytes.subarray(skip));
};

const columns = {
  vin: ["vin", "so_khung", "vehicle_vin", "chassis", "chassis_number"],
  make: ["make", "brand", "hang", "hang_xe", "nhan_hieu"],
  model: ["model", "mau_xe", "dong_xe", "so_loai"],
  year: ["year", "model_year", "doi_xe", "nam", "nam_san_xuat"],
  countryCode: ["country", "country_code", "countrycode", "quoc_gia"],
  batteryKwh: ["battery_kwh", "battery", "batterykwh", "pin", "pin_kwh", "dung_luong_pin"],
  class: ["class", "vehicle_class", "loai", "loai_xe"],
  plate: [
    "plate",
    "license_plate",
    "licence_plate",
    "number_plate",
    "bien_so",
    "bien_so_xe",
    "bien_kiem_soat",
  ],
  label: ["name", "label", "vehicle_name", "ten", "ten_xe"],
} as const;

export type CarField = keyof typeof columns;

const needed = ["vin", "make", "model", "year"] as const satisfies readonly CarField[];

/** A row of a file of cars, as it is written. */
export type CarRow = {
  row: number;
  cells: Partial<Record<CarField, string>>;
  /** Header of each field's column, as the file has it: one and the same for all rows. */
  headers: Readonly<Partial<Record<CarField, string>>>;
  /** The row cannot be told apart into cells. */
  broken?: true;
};

/** The rows of a file of cars. Refuses a file without the needed columns, or of too many cars. */
export const readCars = async (content: AsyncIterable<Uint8Array>): Promise<CarRow[]> => {
  const text = await textOfFile(content, fleetLimits.carsFile, [
    (names) => names.some((name) => (columns.vin as readonly string[]).includes(plainHeader(name))),
  ]);
  const { header, delimiter, headerRow, newline } = layoutOf(text);
  const plain = header.map(plainHeader);
  const places = new Map(
    (Object.keys(columns) as CarField[]).flatMap((field) => {
      const place = plain.findIndex((name) => (columns[field] as readonly string[]).includes(name));
      return place < 0 ? [] : [[field, place] as const];
    }),
  );
  const missing = needed.filter((field) => !places.has(field));
  if (missing.length > 0) throw refuse("fleet_columns_missing", { missing: missing.join(", ") });
  const headers = Object.fromEntries(
    [...places].map(([field, place]) => [field, (header[place] as string).trim().slice(0, 100)]),
  );
  const rows: CarRow[] = [];
  const splitter = new RowSplitter(
    delimiter,
    {
      row: (fields, row) => {
        if (row <= headerRow || fields.every((cell) => cell.trim() === "")) return;
        if (rows.length >= fleetLimits.cars) throw refuse("fleet_cars_too_many", { limit: fleetLimits.cars });
        const cells: CarRow["cells"] = {};
        for (const [field, place] of places) {
          const cell = (fields[place] ?? "").trim();
          if (cell !== "") cells[field] = cell;
        }
        rows.push({ row, cells, headers });
      },
      broken: (row) => void rows.push({ row, cells: {}, headers, broken: true }),
    },
    newline,
  );
  splitter.push(text);
  splitter.end();
  if (rows.length === 0) throw refuse("fleet_file_empty");
  return rows;
};

/** The file to fill in, with two cars as an example. */
export const carsTemplate = () =>
  csvFile(
    "fleet-vehicles.csv",
    ["vin", "make", "model", "year", "country", "battery_kwh", "class", "plate", "name"],
    [
      ["RLLV5SMA1PH000001", "VinFast", "VF 8", 2024, "VN", 87.7, "car", "51A-123.45", "Taxi 1"],
      ["RLLV5SMA1PH000002", "VinFast", "VF e34", 2023, "VN", null, null, "51A-678.90", "Taxi 2"],
    ],
  );
