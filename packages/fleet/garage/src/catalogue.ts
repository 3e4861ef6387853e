import type { VehicleClass } from "./policy.ts";

export type CatalogueEntry = {
  make: string;
  model: string;
  /** Usable capacity of the battery. */
  batteryKwh: number;
  /** What the car typically uses, for the form's hint; never for a credit. */
  kwhPer100Km: number;
  class: VehicleClass;
};

/**
 * Electric vehicles that owners commonly have, so that the form can offer them: usable battery in kWh and typical
 * consumption in kWh/100 km, written from what makers publish, rounded. A model that is missing can be typed in.
 */
const cars = `
VinFast|Herio Green|37.2|14.5|Limo Green|60.1|17|Minio Green|14.7|11|Nerio Green|41.9|15.5|VF 3|18.6|13|VF 5|37.2|14.5|VF 6|59.6|16.5|VF 7|75.3|18|VF 8|87.7|20.5|VF 9|123|23.5|VF e34|41.9|15.5
Tesla|Model 3 Standard Range|57.5|14.2|Model 3 Long Range|75|14.8|Model 3 Performance|75|16.5|Model Y|57.5|15.6|Model Y Long Range|75|16.5|Model S|95|17.5|Model X|95|20|Roadster|53|15
BYD|Atto 3|60.5|16.8|Dolphin|60.4|15.9|Dolphin Mini|38|12.9|Seal|82.5|16.6|Seal U|71.8|19.5|Seagull|38.9|12.5|Sealion 7|82.5|19|Han|85.4|18.2|Tang|108.8|23|e6|71.7|18.5|M6|71.8|17.5
Hyundai|Ioniq 5 Standard Range|54|17|Ioniq 5 Long Range|74|18|Ioniq 5 N|80|22.5|Ioniq 6|74|15.5|Ioniq 9|106|20.5|Ioniq Electric 28 kWh|28|14.2|Ioniq Electric 38 kWh|38.3|15.3|Kona Electric 39 kWh|39.2|15.4|Kona Electric 64 kWh|64|16|Kona Electric 65 kWh|65.4|16.6|Inster|46|14.9
Kia|EV3|78|16.2|EV4|78|15.5|EV5|78|18.5|EV6|74|17.8|EV6 GT|80|21|EV9|96|22.5|e-Niro 64 kWh|64|16.5|Niro EV|64.8|16.5|e-Soul|64|17|Soul EV|27|16
Nissan|Leaf 24 kWh|22|15.5|Leaf 30 kWh|28|16|Leaf 40 kWh|39|16.6|Leaf e+|59|17.5|Ariya 63 kWh|63|18.5|Ariya 87 kWh|87|19.3|Sakura|20|12.4
Volkswagen|e-Golf 24 kWh|21|15|e-Golf|32|15.8|e-up!|32.3|14.5|ID.3|58|16.2|ID.3 Pro S|77|16.5|ID.4|77|18.2|ID.5|77|17.8|ID.7|77|16.5|ID. Buzz|79|21.5
Škoda|Citigo e iV|32.3|14.6|Elroq|77|16.8|Enyaq 60|58|17|Enyaq 80|77|17.6|Enyaq 85|77|17.2
SEAT|Mii electric|32.3|14.6
Cupra|Born|58|16.3|Born 77 kWh|77|16.8|Tavascan|77|17.5
Audi|Q4 e-tron|76.6|18.8|Q6 e-tron|94.9|19.5|Q8 e-tron|106|22.5|A6 e-tron|94.9|16.5|e-tron 55|86.5|23.5|e-tron GT|85|20.5
Porsche|Taycan|83.7|20.5|Taycan 4S|83.7|20.8|Macan Electric|95|19.5
BMW|i3 60 Ah|18.8|14.5|i3 94 Ah|27.2|15|i3 120 Ah|37.9|15.5|i4 eDrive40|81.3|17|i5|81.2|18|i7|101.7|20.5|iX1|64.7|18|iX2|64.7|17.8|iX3|74|18.8|iX xDrive50|105.2|20.8
MINI|Cooper SE 2020|28.9|15.8|Cooper SE|49.2|15.2|Countryman E|64.7|17.5
Mercedes-Benz|B 250 e|28|18.5|EQA|66.5|18.2|EQB|66.5|19|EQC|80|22.5|EQE|90.6|18.5|EQE SUV|90.6|20.5|EQS|107.8|18.8|CLA|85|14
smart|fortwo EQ|16.7|16|#1|62|18|#3|62|17.2
Renault|Zoe R90|41|16.5|Zoe R135|52|16.8|Megane E-Tech|60|16.2|Scenic E-Tech|87|17|5 E-Tech|52|15.2|Twingo E-Tech|21.3|15.5|Kangoo Z.E.|31|17.5
Dacia|Spring|25|13.9
Peugeot|e-208|46|15.8|e-208 51 kWh|48|14.8|e-2008|46|16.8|e-308|51|15.9|e-3008|73|17.3|iOn|14.5|14
Citroën|ë-C3|44|16.6|ë-C4|46|16|C-Zero|14.5|14
Opel|Corsa Electric|48|15.2|Mokka Electric|51|16|Astra Electric|51|15.8|Ampera-e|58|16.5
Fiat|500e|37.3|14.8|500e 24 kWh|21.3|14|600e|50.8|15.8
Abarth|500e|37.8|17.6
Volvo|EX30|64|17|EX40|79|18.2|EC40|79|17.6|EX90|107|21|XC40 Recharge|66|19
Polestar|2 Standard Range|67|16.5|2 Long Range|79|17.2|3|107|21.5|4|94|18.5
Jaguar|I-PACE|84.7|22.5
MG|MG4|61.7|16.4|MG4 51 kWh|50.8|16|MG5|57.4|17.2|ZS EV|49|17.5|ZS EV Long Range|68.3|17.8|Marvel R|65|19.5
Ford|Mustang Mach-E|72|18.5|Mustang Mach-E Extended|91|19.2|F-150 Lightning|98|29|Explorer|77|17.5|Capri|77|17
Chevrolet|Bolt EV|65|17|Bolt EUV|65|17.8|Spark EV|18.4|15|Equinox EV|85|18.5|Blazer EV|85|20.5|Silverado EV|205|30
Cadillac|Lyriq|102|22.5
Rivian|R1T|128.9|28.5|R1S|128.9|28.5
Lucid|Air|112|16.2|Gravity|120|19
Toyota|bZ4X|64|18
Lexus|RZ 450e|64|18.5|UX 300e|64|18.2
Subaru|Solterra|64|18.8
Honda|e|28.5|17.5|Prologue|85|20.5|e:Ny1|61.9|18
Mazda|MX-30|30|18
Mitsubishi|i-MiEV|14.5|13.8
XPeng|P7|82.7|17.2|G6|87.5|17.5|G9|98|20.5
NIO|ET5|75|17.2|ET7|90|18.8|EL6|90|20|EL7|90|20.8
Zeekr|001|94|19|X|64|17
Wuling|Hongguang Mini EV|17.3|9.5|Air ev|26.7|11|Binguo|31.9|11.5
Leapmotor|T03|37.3|13.8|C10|69.9|18.5
Aion|Y Plus|63.2|16.5|Es|55|15.5
GWM|Ora Good Cat|57.7|16|Ora 03|57.7|16.5
Haima|7X-E|68|17.5
TQ Wuling|Macaron|26.5|11.2
`;

const others: readonly CatalogueEntry[] = [
  { make: "Renault", model: "Twizy", batteryKwh: 5.8, kwhPer100Km: 6.3, class: "quadricycle" },
  { make: "Citroën", model: "Ami", batteryKwh: 5.5, kwhPer100Km: 7.2, class: "quadricycle" },
  { make: "Fiat", model: "Topolino", batteryKwh: 5.5, kwhPer100Km: 7.2, class: "quadricycle" },
  { make: "VinFast", model: "Feliz", batteryKwh: 1.5, kwhPer100Km: 2.7, class: "motorcycle" },
  { make: "VinFast", model: "Feliz Lite", batteryKwh: 1.5, kwhPer100Km: 2.6, class: "motorcycle" },
  { make: "VinFast", model: "Klara A2", batteryKwh: 1.5, kwhPer100Km: 2.6, class: "motorcycle" },
  { make: "VinFast", model: "Vento", batteryKwh: 1.9, kwhPer100Km: 2.9, class: "motorcycle" },
  { make: "VinFast", model: "Theon", batteryKwh: 2.5, kwhPer100Km: 3.2, class: "motorcycle" },
  { make: "VinFast", model: "Evo 200 Lite", batteryKwh: 3.5, kwhPer100Km: 2.3, class: "motorcycle" },
  { make: "VinFast", model: "Evo Grand", batteryKwh: 2.4, kwhPer100Km: 2.4, class: "motorcycle" },
  { make: "VinFast", model: "Motio", batteryKwh: 1.4, kwhPer100Km: 2.2, class: "motorcycle" },
  { make: "VinFast", model: "Ludo", batteryKwh: 1.2, kwhPer100Km: 1.8, class: "motorcycle" },
  { make: "VinFast", model: "Impes", batteryKwh: 1.2, kwhPer100Km: 1.8, class: "motorcycle" },
  { make: "Dat Bike", model: "Weaver 200", batteryKwh: 5, kwhPer100Km: 2.8, class: "motorcycle" },
  { make: "Dat Bike", model: "Quantum", batteryKwh: 7, kwhPer100Km: 2.8, class: "motorcycle" },
  { make: "Yadea", model: "Odora", batteryKwh: 1.4, kwhPer100Km: 2.1, class: "motorcycle" },
  { make: "Yadea", model: "Voltguard", batteryKwh: 2.2, kwhPer100Km: 2.3, class: "motorcycle" },
  { make: "Yadea", model: "Orla", batteryKwh: 1.5, kwhPer100Km: 2.2, class: "motorcycle" },
  { make: "Honda", model: "ICON e:", batteryKwh: 1.5, kwhPer100Km: 2.3, class: "motorcycle" },
  { make: "Pega", model: "eSmart", batteryKwh: 1.4, kwhPer100Km: 2.4, class: "motorcycle" },
  { make: "VinFast", model: "Feliz S", batteryKwh: 3.5, kwhPer100Km: 2.6, class: "motorcycle" },
  { make: "VinFast", model: "Klara S", batteryKwh: 3.5, kwhPer100Km: 2.6, class: "motorcycle" },
  { make: "VinFast", model: "Vento S", batteryKwh: 3.5, kwhPer100Km: 3, class: "motorcycle" },
  { make: "VinFast", model: "Theon S", batteryKwh: 3.5, kwhPer100Km: 3.2, class: "motorcycle" },
  { make: "VinFast", model: "Evo 200", batteryKwh: 3.5, kwhPer100Km: 2.4, class: "motorcycle" },
  { make: "Dat Bike", model: "Weaver++", batteryKwh: 5, kwhPer100Km: 3, class: "motorcycle" },
  { make: "Yadea", model: "G5", batteryKwh: 2.4, kwhPer100Km: 2.8, class: "motorcycle" },
  { make: "Zero Motorcycles", model: "SR/F", batteryKwh: 15.6, kwhPer100Km: 7.5, class: "motorcycle" },
  { make: "Mercedes-Benz", model: "eVito", batteryKwh: 60, kwhPer100Km: 26, class: "van" },
  { make: "Ford", model: "E-Transit", batteryKwh: 68, kwhPer100Km: 29, class: "van" },
  { make: "Renault", model: "Kangoo E-Tech", batteryKwh: 45, kwhPer100Km: 19.5, class: "van" },
  { make: "Nissan", model: "e-NV200", batteryKwh: 36, kwhPer100Km: 20, class: "van" },
  { make: "VinFast", model: "EC Van", batteryKwh: 17, kwhPer100Km: 12.5, class: "van" },
];

const carEntries = cars
  .trim()
  .split("\n")
  .flatMap((line) => {
    const [make = "", ...rest] = line.split("|");
    const entries: CatalogueEntry[] = [];
    for (let at = 0; at + 2 < rest.length; at += 3) {
      entries.push({
        make,
        model: rest[at] as string,
        batteryKwh: Number(rest[at + 1]),
        kwhPer100Km: Number(rest[at + 2]),
        class: "car",
      });
    }
    return entries;
  });

export const catalogue: readonly CatalogueEntry[] = [...carEntries, ...others].sort(
  (a, b) => a.make.localeCompare(b.make) || a.model.localeCompare(b.model),
);

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const searchable = catalogue.map((entry) => ({ entry, words: ` ${plain(`${entry.make} ${entry.model}`)}` }));

/** Entries in which every typed word begins a word: "vf 8" finds VinFast's VF 8. At most `limit`, in order of make. */
export const findModels = (typed: string, limit = 30): CatalogueEntry[] => {
  const words = plain(typed).split(" ").filter(Boolean);
  return searchable
    .filter(({ words: text }) => words.every((word) => text.includes(` ${word}`)))
    .slice(0, limit)
    .map(({ entry }) => entry);
};

/** The entry of a make and model as they are written, in any case and with or without accents. */
export const findModel = (make: string, model: string): CatalogueEntry | undefined => {
  const name = plain(`${make} ${model}`);
  return searchable.find(({ words }) => words === ` ${name}`)?.entry;
};

/** Makers of nothing but motorcycles and scooters, as `plain` writes them. */
const twoWheelersOnly: ReadonlySet<string> = new Set(
  ["Dat Bike", "Gogoro", "Harley-Davidson LiveWire", "Horwin", "Kymco", "LiveWire", "Niu", "Pega", "Segway"]
    .concat([
      "Selex",
      "Super Soco",
      "Sunra",
      "Vmoto",
      "Yadea",
      "Zero Motorcycles",
      "Energica",
      "Ather",
      "Ola Electric",
      "Tailg",
    ])
    .map(plain),
);

/** What kind of vehicle a make and model are, where the catalogue or the maker tells: "Twizy 80" is a Twizy. Else null. */
export const classKnown = (make: string, model: string): VehicleClass | null => {
  const [maker, named] = [plain(make), `${plain(model)} `];
  const known = catalogue.find(
    (entry) => plain(entry.make) === maker && named.startsWith(`${plain(entry.model)} `),
  );
  return known?.class ?? (twoWheelersOnly.has(maker) ? "motorcycle" : null);
};
