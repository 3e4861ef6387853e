import type { Baseline } from "./factors.ts";
import type { co2Factors } from "./policy.ts";

/** A text in both languages. */
type Both = { en: string; vi: string };
type Meaning = {
  formula: Both;
  assumptions: Both[];
  sources: { name: Both; licence: string | null; url: string | null }[];
};

const shared: Both[] = [
  {
    en: "Rounded down to the gram once per trip, never below zero.",
    vi: "Làm tròn xuống đến gam, một lần cho mỗi chuyến, không bao giờ dưới không.",
  },
  {
    en: "Only driving is counted: making the car, its battery and the fuel are left out.",
    vi: "Chỉ tính việc lái xe: không tính việc sản xuất xe, pin và nhiên liệu.",
  },
];

const flatMeaning = ({ flat }: typeof co2Factors.initial): Meaning => {
  const petrol = flat.baseline_mg_per_km / 1000;
  const electric = flat.electric_mg_per_km / 1000;
  return {
    formula: {
      en: `km × (petrol ${petrol} g/km − electric ${electric} g/km)`,
      vi: `km × (xe xăng ${petrol} g/km − xe điện ${electric} g/km)`,
    },
    assumptions: [
      {
        en: `Each kilometre stands in for one of a petrol car that emits ${petrol} g of CO2, whatever the car.`,
        vi: `Mỗi km thay cho một km của xe xăng thải ${petrol} g CO2, bất kể xe nào.`,
      },
      {
        en: `The electric car causes ${electric} g of CO2 per km, whatever its consumption and whatever the grid of its country.`,
        vi: `Xe điện gây ra ${electric} g CO2 mỗi km, bất kể mức tiêu thụ và lưới điện của nước đó.`,
      },
      ...shared,
    ],
    sources: [
      {
        name: {
          en: "The venue's own rule; the averages are set, not measured",
          vi: "Quy tắc của chính sàn; các mức trung bình là quy định, không phải đo được",
        },
        licence: null,
        url: null,
      },
    ],
  };
};

const meteredMeaning = ({ metered }: typeof co2Factors.initial): Meaning => {
  const petrol = metered.baseline_mg_per_km / 1000;
  const loss = metered.charging_loss_bps / 100;
  return {
    formula: {
      en: `km × petrol ${petrol} g/km − kWh / (1 − ${loss} %) × the grid factor of country and year`,
      vi: `km × xe xăng ${petrol} g/km − kWh / (1 − ${loss} %) × hệ số lưới điện của nước và năm`,
    },
    assumptions: [
      {
        en: `Each kilometre stands in for one of a petrol car that emits ${petrol} g of CO2.`,
        vi: `Mỗi km thay cho một km của xe xăng thải ${petrol} g CO2.`,
      },
      {
        en: `The energy is what left the battery; ${loss} % of what the socket gave was lost in charging.`,
        vi: `Điện năng là phần lấy từ pin; ${loss} % điện từ ổ cắm hao hụt khi sạc.`,
      },
      {
        en: "A trip without measured energy counts as zero.",
        vi: "Chuyến đi không có điện năng đo được tính là không.",
      },
      {
        en: "A trip takes its own year's grid factor, else the last year before it, else the first after it. Factors that an operator entered with a source stand over these.",
        vi: "Chuyến đi dùng hệ số lưới điện của năm đó, nếu không có thì năm gần nhất trước, rồi năm đầu tiên sau. Hệ số do quản trị viên nhập kèm nguồn được ưu tiên.",
      },
      ...shared,
    ],
    sources: [
      {
        name: {
          en: "Ember, yearly average of a country's generation",
          vi: "Ember, trung bình năm của điện sản xuất tại một nước",
        },
        licence: "CC BY-SA 4.0",
        url: "https://ember-energy.org",
      },
      {
        name: {
          en: "Electricity Maps, yearly average of consumption, for countries that Ember lacks",
          vi: "Electricity Maps, trung bình năm của điện tiêu thụ, cho các nước Ember không có",
        },
        licence: "ODbL 1.0",
        url: "https://www.electricitymaps.com",
      },
    ],
  };
};

/** What is said of two-wheelers besides: what they replace, and where that figure is from. */
const ofTwoWheelers: Pick<Meaning, "assumptions" | "sources"> = {
  assumptions: [
    {
      en: "The vehicle is a motorcycle or scooter: it stands in for a petrol scooter, never for a car. That scooter is set at 2 l/100 km × 2.31 kg of CO2 per litre, about half of what was measured for Hanoi's fleet, so that nothing is counted that may not have been avoided.",
      vi: "Xe là mô tô hoặc xe máy: thay cho một xe máy xăng, không bao giờ thay cho ô tô. Xe máy xăng đó được quy định là 2 l/100 km × 2,31 kg CO2 mỗi lít, khoảng một nửa mức đo được của xe máy tại Hà Nội, để không tính phần có thể không giảm được.",
    },
  ],
  sources: [
    {
      name: {
        en: "Nguyen and Than, greenhouse gas emission factor of motorcycles under real-world driving in Hanoi, Transport and Communications Science Journal 74 (2023): 90.83 g CO2e/km; half of it is taken",
        vi: "Nguyễn và Thân, hệ số phát thải khí nhà kính của xe máy trong điều kiện lái thực tế tại Hà Nội, Tạp chí Khoa học Giao thông vận tải 74 (2023): 90,83 g CO2e/km; lấy một nửa",
      },
      licence: null,
      url: "https://doi.org/10.47869/tcsj.74.7.1",
    },
  ],
};

/** The sentences of a car's set that speak of a petrol car, said of a scooter. */
const saidOfScooters = (text: Both): Both => ({
  en: text.en.replace(/a petrol car/g, "a petrol scooter").replace(/electric car/g, "electric scooter"),
  vi: text.vi
    .replace(/xe xăng/g, "xe máy xăng")
    .replace(/[Xx]e điện/g, (found) => (found[0] === "X" ? "Xe máy điện" : "xe máy điện")),
});

const basicMeaning = (rule: typeof co2Factors.initial): Meaning =>
  rule.method === "flat-v1" ? flatMeaning(rule) : meteredMeaning(rule);

/** What the rule's method assumes for a kind of vehicle, its formula and its sources, in both languages. */
export const meaningOf = (rule: typeof co2Factors.initial, baseline: Baseline): Meaning => {
  const meaning = basicMeaning(rule);
  if (baseline === "car") return meaning;
  return {
    formula: saidOfScooters(meaning.formula),
    assumptions: [...ofTwoWheelers.assumptions, ...meaning.assumptions.map(saidOfScooters)],
    sources: [...ofTwoWheelers.sources, ...meaning.sources],
  };
};

/** What must stand beside every figure that a method counted, where it assumes rather than measures; else null. */
export const caveatOf = (method: string, locale: "en" | "vi"): string | null => {
  if (method !== "flat-v1") return null;
  return locale === "vi"
    ? "flat-v1 là định mức: mỗi km được tính như nhau, bất kể xe, mức tiêu thụ và lưới điện. Đây là giả định, không phải số đo."
    : "flat-v1 is a flat rate: every kilometre counts the same, whatever the car, its consumption and the grid. It is assumed, not measured.";
};
