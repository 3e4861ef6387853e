/**
 * Makers of electric cars by world manufacturer identifier (the VIN's first three characters, ISO 3780).
 * Written from the identifiers that makers filed with NHTSA (vPIC, public domain) and print on their cars; it names
 * the commonest makers of electric vehicles, and an identifier that is not here only means "not known".
 */
const identifiers: Record<string, string> = {
  VinFast: "RLL RLN",
  Tesla: "5YJ 7SA 7G2 LRW XP7 SFZ",
  BYD: "LGX LC0 LPE",
  Nissan: "JN1 JN8 1N4 SJN 3N1 5N1",
  Hyundai: "KMH KM8 TMA NLH 5NM 5NP 7YA",
  Kia: "KNA KND KNE U5Y 5XX 5XY 3KP",
  Genesis: "KMT KMU",
  Volkswagen: "WVW WVG WV2 1VW 1V2 3VW LFV",
  Audi: "WAU WA1 WUA TRU",
  SEAT: "VSS",
  Škoda: "TMB",
  Porsche: "WP0 WP1",
  BMW: "WBA WBY WBS WBX WB5 WB1 WB3 LBV",
  MINI: "WMW WMZ",
  "Mercedes-Benz": "WDD WDB WDC W1K W1N W1V 4JG 55S LE4",
  smart: "WME W1A",
  Renault: "VF1 VF6 KNM",
  Dacia: "UU1",
  Peugeot: "VF3 VR3",
  Citroën: "VF7 VR7",
  DS: "VR1",
  Opel: "W0L W0V VXK",
  Fiat: "ZFA ZFB 3C3",
  Volvo: "YV1 YV4 7JD 7JR LVY LYV",
  Polestar: "YSM YSR LPS 7SY",
  Jaguar: "SAJ SAD",
  "Land Rover": "SAL",
  MG: "LSJ SDP",
  Ford: "1FA 1FM 1FT 3FM 3FA WF0",
  Chevrolet: "1G1 1GN 3GN 2G1",
  Cadillac: "1GY 3GY",
  GMC: "1GT",
  Rivian: "7FC 7PD",
  Lucid: "50E 7UU",
  Fisker: "VCF",
  Toyota: "JTD JTM JTN 5TD 4T1",
  Lexus: "JTH JTJ",
  Honda: "JHM 1HG 2HG 19X 3GP RLH",
  Mazda: "JM1 JMZ 3MV",
  Mitsubishi: "JA3 JA4 JMB",
  Subaru: "JF1 JF2 4S4",
  Geely: "LB2 LB3",
  Zeekr: "L6T",
  NIO: "LJ1",
  XPeng: "L1N",
  "Great Wall": "LGW",
  Wuling: "LZW",
  Changan: "LS5 LS4",
  Chery: "LVV LVT",
  Leapmotor: "LFZ",
  Togg: "NTG",
  Kymco: "RLP",
  "Zero Motorcycles": "538",
  "Harley-Davidson LiveWire": "7RX",
};

const makers = new Map(
  Object.entries(identifiers).flatMap(([maker, codes]) =>
    codes.split(" ").map((code) => [code, maker] as const),
  ),
);

/** The maker of an identifier, or null when the table does not know it. */
export const makerOfWmi = (wmi: string): string | null => makers.get(wmi) ?? null;

/** All identifiers of the table with their makers. */
export const knownIdentifiers = (): ReadonlyMap<string, string> => makers;
