import { readMoment, readTimeOfDay } from "@evx/clocks";
import { plainHeader } from "@evx/columns";
import { zoneOf } from "@evx/kernel";
import type { ImportOptions } from "./candidate.ts";
import { refuse } from "./errors.ts";
import { type Survey, vehicleKey } from "./survey.ts";

const either = (text: string): string => `(?:${text.trim().split(/\s+/).join("|")})`;

/** A car, and what stands for one: the box that rides in it. */
const noun = either(`
  vehicles? car automobile auto fahrzeug wagen kfz vehicule voiture vehiculo coche carro veiculo veicolo macchina
  voertuig kjoretoy bil bilen bilens fordon pojazd samochod van truck asset device devices tracker object unit xe o_to
  xe_o_to phuong_tien thiet_bi 车辆 车 设备`);
const name = either(`
  id ids name no nr num number code label key ref vin plate reg registration identifier identification imei uuid
  nummer kennung bezeichnung nom nombre nome naam navn namn nazwa numero numer ma so ten bien_so serial 名称 编号 号码 号`);
const joint = "(?:de|du|del|della|da|do|des|der|van|la|le|l|el|of)";
const named = new RegExp(
  `^(?:${noun}(?:_?${name})*|(?:${name}_)+(?:${joint}_)*${noun}|${noun}_(?:${joint}_)*${name}|display_name|imei(?:_${name})?)$`,
);
/** Words that only a car's papers have, wherever they stand in a header. */
const papers = new RegExp(
  `(^|_)${either(`
  vin fin chassis chasis fahrgestell\\w* so_khung telaio kennzeichen nummernschild number_plate plate_number plate
  licen[cs]e_plate registration registration_number reg reg_no reg_nr reg_number regnr registreringsnummer
  registracija immatriculation matricula targa kenteken rejestracja rejestracyjny placa bien_so bien_kiem_soat
  bien_ks bks bsx bien_xe bien_dang_ky
  车牌\\w* 车牌号码? 车架号 识别代码`)}(_|$)`,
  "u",
);
/** What is said of a car and names none: dates, states, measures. */
const about = new RegExp(
  `(^|_)${either(`
  date time day speed type class category kind group status state battery soc distance km mi odometer mileage energy
  kwh year country region city location place cost price fee expiry expires ngay loai trang_thai toc_do`)}(_|$)`,
);
const model = /^(model|modell|modele|modelo|modello|make_model|car_model|vehicle_model|dong_xe|mau_xe|车型)$/;

/** Whether a header names cars: in whatever language, by the words for a car and for a name. */
const namesCar = (header: string): boolean =>
  header !== "unit" && !about.test(header) && (named.test(header) || papers.test(header) || header === "xe");

/** The form of Vietnamese plates, of cars and motorbikes: 51K-123.45, 29-A1 123.45, 30F 1234. */
const plate = /^\d{2}[-\s]?[A-Z][A-Z0-9]?[-.\s]?(\d{3}\.?\d{2}|\d{4})$/;

const isVinByForm = (key: string): boolean => isVin(key) && /\d/.test(key);

const utc = zoneOf("UTC");
/** Whether a cell tells when, and so no car: "fin" ends a trip in Spanish and is a German VIN. */
const isWhen = (cell: string): boolean =>
  (/^\d{1,2}:\d\d/.test(cell.trim()) && !Number.isNaN(readTimeOfDay(cell))) ||
  (/\d[-/.]\d/.test(cell) && readsAsMoment(cell));
const readsAsMoment = (cell: string): boolean =>
  (["dmy", "mdy"] as const).some((order) => !Number.isNaN(readMoment(cell.trim(), { order, zone: utc })));

const isBlankName = (cell: string | undefined): boolean => /^(|none|null)$/i.test((cell ?? "").trim());

/**
 * The columns of a table that name the car: by their header, or by holding nothing but VINs. Models tell cars apart where
 * nothing better does.
 */
export const vehicleColumnsOf = (
  header: readonly string[],
  sample: readonly (readonly string[])[] = [],
): number[] => {
  const names = header.map(plainHeader);
  const found = names.flatMap((name, column) => {
    const cells = sample.flatMap((fields) => (isBlankName(fields[column]) ? [] : [fields[column] as string]));
    const named = namesCar(name) && (cells.length === 0 || !cells.every(isWhen));
    return named ||
      (cells.length > 0 &&
        cells.every((cell) => isVinByForm(vehicleKey(cell)) || plate.test(vehicleKey(cell))))
      ? [column]
      : [];
  });
  return found.length > 0 ? found : names.flatMap((name, column) => (model.test(name) ? [column] : []));
};

/**
 * Seventeen characters that can be a VIN. In North America (1 to 5 in front) the ninth is a check digit, 0 to 9 or X:
 * loggers mask VINs by letters there, and a masked one names no other car.
 */
export const isVin = (name: string): boolean =>
  /^[A-HJ-NPR-Z0-9]{17}$/.test(name) && (!/^[1-5]/.test(name) || /^.{8}[0-9X]/.test(name));

/** VINs in what stands before the rows: title lines, or the object around the trips. */
export const vinsWithin = (text: string): string[] =>
  (text.toUpperCase().match(/\b[A-HJ-NPR-Z0-9]{17}\b/g) ?? []).filter(
    (word) => isVin(word) && /[A-Z]/.test(word) && /\d{3}/.test(word),
  );

/**
 * The car that a line above or between the rows names: "Biển số: 51K-123.45", or a plate alone. Null where it names none, and
 * for VINs, which are compared with the vehicle's own.
 */
export const headingOf = (fields: readonly string[]): string | null => {
  const cells = fields.map((cell) => cell.trim()).filter((cell) => cell !== "");
  if (cells.length === 0 || cells.length > 4) return null;
  for (const [place, cell] of cells.entries()) {
    if (plate.test(vehicleKey(cell))) return cell;
    const [, label = "", value = ""] = /^([^:：]{1,40})[:：]\s*(.*)$/u.exec(cell) ?? [];
    const said = value || cells[place + 1] || "";
    if (label === "" || said === "" || said.length > 60 || isVin(vehicleKey(said))) continue;
    if (namesCar(plainHeader(label))) return said;
  }
  return null;
};

/**
 * Refuses a file of several cars (`import_several_vehicles`, naming them) unless one is chosen, and a file or choice
 * with a VIN that is not this vehicle's (`import_other_vehicle`). `titles` is what stands before the rows.
 */
export const requireOneVehicle = (
  survey: Survey,
  { vehicle, vin }: Pick<ImportOptions, "vehicle" | "vin">,
  titles = "",
): void => {
  const several = survey.vehicles.find((names) => names.length > 1);
  const own = vin === undefined ? null : vehicleKey(vin);
  if (several && vehicle === undefined) {
    const vins = survey.vehicles.find(
      (names) => names.length > 1 && names.every((name) => isVin(vehicleKey(name))),
    );
    const vehicles = vins ?? several;
    throw refuse(
      "import_several_vehicles",
      { count: vehicles.length, vehicles: vehicles.slice(0, 10).join(", ") },
      { facts: { vehicles } },
    );
  }
  if (own === null) return;
  const said = vehicle === undefined ? survey.vehicles.flat() : [vehicle];
  const titled = vinsWithin(titles);
  const named = titled.includes(own) ? said : [...said, ...titled];
  const other = named.map(vehicleKey).find((name) => isVin(name) && name !== own);
  if (other !== undefined)
    throw refuse("import_other_vehicle", { vin: other, own }, { facts: { vehicles: [other] } });
};
