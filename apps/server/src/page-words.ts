import type { Locale } from "@evx/kernel";

export type PageWords = { title: string; description: string; heading?: string };

type Kind = "issuance" | "purchase" | "transfer" | "retirement";

const en = {
  app: { title: "", description: "Verified carbon credits from electric cars. Every gram is counted once." },
  lost: {
    title: "Page not found",
    description: "Check the address, or start from the home page.",
  },
  pages: {
    "/": {
      title: "",
      heading: "Drive electric.\nGet paid by the gram.",
      description:
        "Your trips become carbon credits that an independent auditor has checked. You set the price. The money goes to your bank.",
    },
    "/marketplace": {
      title: "Marketplace",
      description:
        "Carbon credits from electric cars, at a fixed price or by auction, from one gram's owner to you.",
    },
    "/trends": {
      title: "Market trends",
      description:
        "What credits from electric cars sold for, day by day, with the number of sales behind each price.",
    },
    "/registry": {
      title: "Registry",
      description: "Every batch ever issued and every retirement, to the gram. No account needed.",
    },
    "/certificates": {
      title: "Check a certificate",
      description: "Check any certificate in your own browser: by its number, its file or its QR code.",
    },
    "/methods": {
      title: "How CO₂ is counted",
      description: "The formulas, factors and sources behind every gram, with their hashes.",
    },
    "/keys": {
      title: "Public keys",
      description:
        "The keys that certificates are signed with, daily snapshots, and how to check it all yourself.",
    },
    "/book": {
      title: "Order book",
      description: "What is asked and offered for credits from electric cars right now, price by price.",
    },
    "/buy": {
      title: "Buy across listings",
      description: "Say how many credits you want: you see what they cost before anything is paid.",
    },
    "/docs": {
      title: "Documentation",
      description: "How the venue is used, run and checked, from the first trip to the public log.",
    },
    "/sign-in": { title: "Sign in", description: "Sign in to EV Carbon Exchange." },
    "/sign-up": { title: "Sign up", description: "Open an account as an EV owner, a buyer or an auditor." },
    "/terms": { title: "Terms", description: "What you agree to when you use EV Carbon Exchange." },
    "/privacy": { title: "Privacy", description: "What we know about you, why, and when it is erased." },
    "/contact": { title: "Contact", description: "A person reads every message." },
  } as Readonly<Record<string, PageWords>>,
  certificate: (kind: Kind, credits: string, name: string, number: string): PageWords => ({
    title: {
      retirement: `${credits} credits retired for ${name}`,
      purchase: `${credits} credits bought by ${name}`,
      issuance: `${credits} credits issued to ${name}`,
      transfer: `${credits} credits given to ${name}`,
    }[kind],
    description: `Certificate ${number}. Open it and your browser runs the six checks itself: no account, no call to us.`,
  }),
  listing: (credits: string): PageWords => ({
    title: `${credits} carbon credits for sale`,
    description: "From an electric car, checked by an independent auditor. Buy all of it or a part, or bid.",
  }),
  batch: (number: string, credits: string, country: string): PageWords => ({
    title: `Batch ${number}`,
    description: `${credits} carbon credits from an electric vehicle in ${country}, with where every gram is now.`,
  }),
  serial: (serial: string): PageWords => ({
    title: serial,
    description: "The life of these grams: issued, sold, retired, and when.",
  }),
};

const vi: typeof en = {
  app: { title: "", description: "Tín chỉ carbon đã thẩm định từ xe điện. Mỗi gam chỉ được tính một lần." },
  lost: {
    title: "Không tìm thấy trang",
    description: "Vui lòng kiểm tra lại địa chỉ, hoặc bắt đầu từ trang chủ.",
  },
  pages: {
    "/": {
      title: "",
      heading: "Lái xe điện.\nNhận tiền theo từng gam.",
      description:
        "Mỗi chuyến đi của bạn trở thành tín chỉ carbon đã được thẩm định độc lập. Bạn đặt giá, tiền về tài khoản ngân hàng.",
    },
    "/marketplace": {
      title: "Sàn tín chỉ",
      description: "Tín chỉ carbon từ xe điện, giá cố định hoặc đấu giá, từ chủ xe đến thẳng tay bạn.",
    },
    "/trends": {
      title: "Thị trường",
      description:
        "Tín chỉ từ xe điện đã bán giá nào, theo từng ngày, kèm số giao dịch đằng sau mỗi mức giá.",
    },
    "/registry": {
      title: "Sổ đăng ký",
      description: "Mọi lô đã phát hành và mọi lượt xóa sổ, đến từng gam. Không cần tài khoản.",
    },
    "/certificates": {
      title: "Kiểm tra chứng nhận",
      description: "Kiểm tra chứng nhận ngay trong trình duyệt của bạn: bằng số, bằng tệp hoặc mã QR.",
    },
    "/methods": {
      title: "Cách tính CO₂",
      description: "Công thức, hệ số và nguồn đằng sau từng gam, kèm mã băm.",
    },
    "/keys": {
      title: "Khóa công khai",
      description:
        "Các khóa dùng để ký chứng nhận, bản sao hằng ngày của sổ đăng ký và cách bạn tự kiểm tra tất cả.",
    },
    "/book": {
      title: "Sổ lệnh",
      description: "Giá hỏi mua và chào bán tín chỉ từ xe điện ngay lúc này, theo từng mức giá.",
    },
    "/buy": {
      title: "Mua từ nhiều tin đăng",
      description: "Bạn cần bao nhiêu tín chỉ: giá hiện ra trước khi trả tiền.",
    },
    "/docs": {
      title: "Tài liệu",
      description: "Cách sử dụng, vận hành và kiểm tra sàn, từ chuyến đi đầu tiên đến nhật ký công khai.",
    },
    "/sign-in": { title: "Đăng nhập", description: "Đăng nhập EV Carbon Exchange." },
    "/sign-up": { title: "Đăng ký", description: "Mở tài khoản chủ xe điện, người mua hoặc thẩm định viên." },
    "/terms": { title: "Điều khoản", description: "Những gì bạn đồng ý khi dùng EV Carbon Exchange." },
    "/privacy": {
      title: "Quyền riêng tư",
      description: "Chúng tôi biết gì về bạn, để làm gì, và khi nào xóa.",
    },
    "/contact": { title: "Liên hệ", description: "Mọi tin nhắn đều có người đọc." },
  },
  certificate: (kind, credits, name, number) => ({
    title: {
      retirement: `${credits} tín chỉ đã xóa sổ cho ${name}`,
      purchase: `${credits} tín chỉ do ${name} mua`,
      issuance: `${credits} tín chỉ phát hành cho ${name}`,
      transfer: `${credits} tín chỉ chuyển cho ${name}`,
    }[kind],
    description: `Chứng nhận ${number}. Mở ra và trình duyệt của bạn tự chạy sáu bước kiểm tra: không cần tài khoản, không hỏi chúng tôi.`,
  }),
  listing: (credits) => ({
    title: `Bán ${credits} tín chỉ carbon`,
    description: "Từ xe điện, đã qua thẩm định viên độc lập. Mua cả lô, mua một phần, hoặc trả giá.",
  }),
  batch: (number, credits, country) => ({
    title: `Lô ${number}`,
    description: `${credits} tín chỉ carbon từ xe điện tại ${country}, và từng gam hiện đang ở đâu.`,
  }),
  serial: (serial) => ({
    title: serial,
    description: "Vòng đời của những gam này: phát hành, bán, xóa sổ, và khi nào.",
  }),
};

/** The titles and descriptions of public pages, for readers that run no scripts. */
export const pageWords = (locale: Locale): typeof en => (locale === "vi" ? vi : en);
