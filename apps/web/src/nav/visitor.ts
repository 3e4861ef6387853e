import BadgeCheck from "lucide-solid/icons/badge-check";
import BookOpen from "lucide-solid/icons/book-open";
import ChartLine from "lucide-solid/icons/chart-line";
import Scale from "lucide-solid/icons/scale";
import Store from "lucide-solid/icons/store";
import type { NavEntry } from "./entry.ts";

export default [
  { href: "/marketplace", label: "nav.marketplace", tab: "tab.market", icon: Store, primary: true },
  { href: "/book", label: "nav.book", icon: Scale },
  { href: "/trends", label: "nav.trends", tab: "tab.prices", icon: ChartLine, primary: true },
  { href: "/certificates", label: "nav.check", tab: "tab.check", icon: BadgeCheck, primary: true },
  { href: "/registry", label: "nav.registry", icon: BookOpen, primary: true },
] satisfies NavEntry[];
