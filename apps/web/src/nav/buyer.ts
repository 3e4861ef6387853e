import BadgeCheck from "lucide-solid/icons/badge-check";
import Banknote from "lucide-solid/icons/banknote";
import BookOpen from "lucide-solid/icons/book-open";
import ChartLine from "lucide-solid/icons/chart-line";
import Eye from "lucide-solid/icons/eye";
import FileText from "lucide-solid/icons/file-text";
import Gavel from "lucide-solid/icons/gavel";
import HandCoins from "lucide-solid/icons/hand-coins";
import House from "lucide-solid/icons/house";
import Leaf from "lucide-solid/icons/leaf";
import Receipt from "lucide-solid/icons/receipt";
import Scale from "lucide-solid/icons/scale";
import Store from "lucide-solid/icons/store";
import Wallet from "lucide-solid/icons/wallet";
import type { NavEntry } from "./entry.ts";

export default [
  { href: "/buyer", label: "nav.home", icon: House, primary: true },
  { href: "/marketplace", label: "nav.marketplace", tab: "tab.market", icon: Store, primary: true },
  { href: "/buyer/purchases", also: ["/buyer/orders"], label: "nav.purchases", icon: Receipt, primary: true },
  { href: "/buyer/wanted", label: "nav.wanted", icon: HandCoins },
  { href: "/buyer/balance", label: "nav.balance", icon: Banknote },
  { href: "/watching", label: "nav.watching", icon: Eye },
  { href: "/buyer/bids", label: "nav.bids", icon: Gavel },
  { href: "/buyer/wallet", label: "nav.wallet", tab: "tab.credits", icon: Wallet, primary: true },
  { href: "/buyer/retire", label: "nav.retire", icon: Leaf },
  { href: "/buyer/certificates", label: "nav.certificates", icon: BadgeCheck },
  { href: "/buyer/reports", label: "nav.reports", icon: FileText },
  { href: "/book", label: "nav.book", icon: Scale },
  { href: "/trends", label: "nav.trends", icon: ChartLine },
  { href: "/registry", label: "nav.registry", icon: BookOpen },
] satisfies NavEntry[];
