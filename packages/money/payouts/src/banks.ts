/** Vietnam's banks by the short code of VietQR, with the number (BIN) by which NAPAS routes to them. */
const vietnameseBanks: Readonly<Record<string, string>> = {
  VCB: "970436",
  ICB: "970415",
  BIDV: "970418",
  VBA: "970405",
  TCB: "970407",
  MB: "970422",
  ACB: "970416",
  VPB: "970432",
  TPB: "970423",
  STB: "970403",
  VIB: "970441",
  SHB: "970443",
  HDB: "970437",
  OCB: "970448",
  MSB: "970426",
  EIB: "970431",
  SCB: "970429",
  SEAB: "970440",
  LPB: "970449",
  ABB: "970425",
  NAB: "970428",
  BAB: "970409",
  VAB: "970427",
  PVCB: "970412",
  KLB: "970452",
  NCB: "970419",
  BVB: "970438",
  VCCB: "970454",
  PGB: "970430",
  SGICB: "970400",
  COOPBANK: "970446",
  CAKE: "546034",
};

const bins = new Set(Object.values(vietnameseBanks));
const SWIFT = /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

/** Whether nine digits are a routing number of the United States: weights 3, 7, 1 sum to a multiple of ten. */
const isRoutingNumber = (code: string): boolean => {
  if (!/^\d{9}$/.test(code)) return false;
  const weights = [3, 7, 1];
  const sum = [...code].reduce((total, digit, place) => total + Number(digit) * (weights[place % 3] ?? 0), 0);
  return sum > 0 && sum % 10 === 0;
};

/**
 * What is wrong with a bank's code in its country, in a sentence; null when nothing is. Vietnam's are VietQR's codes,
 * BINs or SWIFT; the United States' are routing numbers; elsewhere SWIFT, or nothing where the number says it all.
 */
export const wrongWithCode = (country: string, written: string): string | null => {
  const code = written.replace(/[\s-]/g, "").toUpperCase();
  if (country === "US")
    return isRoutingNumber(code) ? null : "Write the bank's routing number: nine digits, as on a check.";
  if (code === "") return null;
  if (country !== "VN") return null;
  return Object.hasOwn(vietnameseBanks, code) || bins.has(code) || SWIFT.test(code)
    ? null
    : "This is no code of a Vietnamese bank. Write it as in VietQR, such as VCB or 970436.";
};
