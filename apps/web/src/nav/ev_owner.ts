import BadgeCheck from "lucide-solid/icons/badge-check";
import Banknote from "lucide-solid/icons/banknote";
import BookOpen from "lucide-solid/icons/book-open";
import Car from "lucide-solid/icons/car";
import CarFront from "lucide-solid/icons/car-front";
import ChartLine from "lucide-solid/icons/chart-line";
import FileCheck from "lucide-solid/icons/file-check";
import FileText from "lucide-solid/icons/file-text";
import House from "lucide-solid/icons/house";
import Leaf from "lucide-solid/icons/leaf";
import Scale from "lucide-solid/icons/scale";
import Store from "lucide-solid/icons/store";
import Tag from "lucide-solid/icons/tag";
import Truck from "lucide-solid/icons/truck";
import Wallet from "lucide-solid/icons/wallet";
import type { NavEntry } from "./entry.ts";

export default [
  { href: "/owner", label: "nav.home", icon: House, primary: true },
  { href: "/owner/vehicles", label: "nav.vehicles", tab: "tab.cars", icon: Car, primary: true },
  { href: "/owner/fleet", also: ["/owner/submissions"], label: "nav.fleet", icon: Truck },
  { href: "/driving", label: "nav.driving", icon: CarFront },
  { href: "/owner/savings", label: "nav.savings", icon: Leaf },
  { href: "/owner/requests", label: "nav.requests", icon: FileCheck },
  { href: "/owner/wallet", label: "nav.wallet", tab: "tab.credits", icon: Wallet, primary: true },
  { href: "/owner/listings", label: "nav.listings", tab: "tab.sales", icon: Tag, primary: true },
  { href: "/owner/earnings", also: ["/owner/statements"], label: "nav.earnings", icon: Banknote },
  { href: "/owner/certificates", label: "nav.certificates", icon: BadgeCheck },
  { href: "/owner/reports", label: "nav.reports", icon: FileText },
  { href: "/marketplace", label: "nav.marketplace", icon: Store },
  { href: "/book", label: "nav.book", icon: Scale },
  { href: "/trends", label: "nav.trends", icon: ChartLine },
  { href: "/registry", label: "nav.registry", icon: BookOpen },
] satisfies NavEntry[];
