import ArrowLeftRight from "lucide-solid/icons/arrow-left-right";
import BookOpen from "lucide-solid/icons/book-open";
import House from "lucide-solid/icons/house";
import Landmark from "lucide-solid/icons/landmark";
import MessageSquareWarning from "lucide-solid/icons/message-square-warning";
import Scale from "lucide-solid/icons/scale";
import ScrollText from "lucide-solid/icons/scroll-text";
import Store from "lucide-solid/icons/store";
import Users from "lucide-solid/icons/users";
import type { NavEntry } from "./entry.ts";

export default [
  { href: "/admin", label: "nav.home", icon: House, primary: true },
  { href: "/admin/users", label: "nav.users", icon: Users, primary: true },
  { href: "/admin/transactions", label: "nav.transactions", icon: ArrowLeftRight, primary: true },
  { href: "/admin/disputes", label: "nav.disputes", icon: MessageSquareWarning },
  { href: "/admin/payments", label: "nav.payments", icon: Landmark, primary: true },
  { href: "/admin/rules", label: "nav.rules", icon: Scale },
  { href: "/admin/log", label: "nav.log", icon: ScrollText },
  { href: "/marketplace", label: "nav.marketplace", icon: Store },
  { href: "/registry", label: "nav.registry", icon: BookOpen },
] satisfies NavEntry[];
