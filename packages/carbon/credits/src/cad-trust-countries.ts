/**
 * The model's list of countries where it does not say what everybody says in English. Two of its own slips are kept: a
 * name that is not on its list is refused there.
 */
const asListed: Readonly<Record<string, string>> = {
  AG: "Antigua and Barduba",
  BA: "Bosnia and Herzegovina",
  BN: "Brunei Darussalam",
  CD: "Democratic Republic of Congo",
  CG: "Congo",
  CI: "Cote d'Ivoire",
  CV: "Cabo Verde",
  CZ: "Czech Republic",
  FM: "Micronesia (Federated States of)",
  GB: "United Kingdom of Great Britain and Northern Ireland",
  GQ: "Equatorial New Guinea",
  HK: "Hong Kong S.A.R.",
  IR: "Iran (Islamic Republic of)",
  KN: "St. Kitts and Nevis",
  KP: "Democratic People's Republic of Korea",
  KR: "Republic of Korea",
  LA: "Lao People's Democratic Republic",
  LC: "St. Lucia",
  MD: "Republic of Moldova",
  MM: "Myanmar",
  MO: "Macau S.A.R.",
  NL: "Netherlands (Kingdom of the)",
  PS: "State of Palestine",
  RU: "Russian Federation",
  ST: "Sao Tome and Principe",
  SY: "Syria Arab Republic",
  TR: "Turkey",
  TT: "Trinidad and Tobago",
  TZ: "United Republic of Tanzania",
  US: "United States of America",
  VA: "Holy See",
  VC: "St. Vincent and the Grenadines",
  VE: "Venezuela (Bolivarian Republic of)",
  VN: "Viet Nam",
};

const english = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

/** A country's name in the Climate Action Data Trust's list. */
export const cadTrustCountry = (code: string): string => asListed[code] ?? english.of(code) ?? code;
