import type { Template } from "./template.ts";

/** What comes on the first of a month to those who asked for it. */
export const reportTexts = {
  month_owner: {
    topic: "reports",
    link: "/{area}/reports?from={from}&to={to}",
    en: [
      "Your {month}",
      "Your driving kept {co2:credits} t of CO2 out of the air. {issued:credits} credits were issued to you, you sold {sold:credits}, and {net:money} came to your balance.",
    ],
    vi: [
      "Tháng {month} của bạn",
      "Việc lái xe của bạn đã giúp giảm {co2:credits} t CO2. Bạn được phát hành {issued:credits} tín chỉ, đã bán {sold:credits} và nhận {net:money} vào số dư.",
    ],
  },
  month_buyer: {
    topic: "reports",
    link: "/{area}/reports?from={from}&to={to}",
    en: [
      "Your {month}",
      "You bought {bought:credits} credits for {spent:money} and retired {retired:credits}. The report says of which vintage, country and method they were.",
    ],
    vi: [
      "Tháng {month} của bạn",
      "Bạn đã mua {bought:credits} tín chỉ với giá {spent:money} và xóa sổ {retired:credits}. Báo cáo cho biết năm, quốc gia và phương pháp của chúng.",
    ],
  },
  month_auditor: {
    topic: "reports",
    link: "/{area}/reports?from={from}&to={to}",
    en: [
      "Your {month}",
      "You decided {decided} requests, approved {approved} of them, and {issued:credits} credits were issued.",
    ],
    vi: [
      "Tháng {month} của bạn",
      "Bạn đã quyết định {decided} yêu cầu, duyệt {approved} yêu cầu, và {issued:credits} tín chỉ được phát hành.",
    ],
  },
  month_venue: {
    topic: "reports",
    link: "/{area}/reports?from={from}&to={to}",
    en: [
      "The venue's {month}",
      "{issued:credits} credits were issued, {sold:credits} sold for {gross:money} and {retired:credits} retired. {users} people joined.",
    ],
    vi: [
      "Tháng {month} của sàn",
      "Phát hành {issued:credits} tín chỉ, bán {sold:credits} với giá {gross:money} và xóa sổ {retired:credits}. Có {users} người mới.",
    ],
  },
} as const satisfies Record<string, Template>;
