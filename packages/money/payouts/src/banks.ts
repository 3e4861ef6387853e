/** Vietnam's banks by the short code of VietQR: their name, and the number (BIN) by which NAPAS routes to them. */
export const vietnameseBanks: Readonly<Record<string, { readonly name: string; readonly bin: string }>> = {
  VCB: { name: "Vietcombank", bin: "970436" },
  ICB: { name: "VietinBank", bin: "970415" },
  BIDV: { name: "BIDV", bin: "970418" },
  VBA: { name: "Agribank", bin: "970405" },
  TCB: { name: "Techcombank", bin: "970407" },
  MB: { name: "MB Bank", bin: "970422" },
  ACB: { name: "ACB", bin: "970416" },
  VPB: { name: "VPBank", bin: "970432" },
  TPB: { name: "TPBank", bin: "970423" },
  STB: { name: "Sacombank", bin: "970403" },
  VIB: { name: "VIB", bin: "970441" },
  SHB: { name: "SHB", bin: "970443" },
  HDB: { name: "HDBank", bin: "970437" },
  OCB: { name: "OCB", bin: "970448" },
  MSB: { name: "MSB", bin: "970426" },
  EIB: { name: "Eximbank", bin: "970431" },
  SCB: { name: "SCB", bin: "970429" },
  SEAB: { name: "SeABank", bin: "970440" },
  LPB: { name: "LPBank", bin: "970449" },
  ABB: { name: "ABBANK", bin: "970425" },
  NAB: { name: "Nam A Bank", bin: "970428" },
  BAB: { name: "Bac A Bank", bin: "970409" },
  VAB: { name: "VietABank", bin: "970427" },
  PVCB: { name: "PVcomBank", bin: "970412" },
  KLB: { name: "Kienlongbank", bin: "970452" },
  NCB: { name: "NCB", bin: "970419" },
  BVB: { name: "BaoViet Bank", bin: "970438" },
  VCCB: { name: "BVBank", bin: "970454" },
  PGB: { name: "PGBank", bin: "970430" },
  SGICB: { name: "Saigonbank", bin: "970400" },
  COOPBANK: { name: "Co-opBank", bin: "970446" },
  CAKE: { name: "CAKE by VPBank", bin: "546034" },
};

const bins = new Set(Object.values(vietnameseBanks).map(({ bin }) => bin));
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
    return isRoutingNumber(code) ? null : "Enter the bank's routing number: nine digits, as on a check.";
  if (code === "") return null;
  if (country !== "VN") return null;
  return Object.hasOwn(vietnameseBanks, code) || bins.has(code) || SWIFT.test(code)
    ? null
    : "This is no code of a Vietnamese bank. Enter it as in VietQR, such as VCB or 970436.";
};
