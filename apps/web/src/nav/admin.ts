import BookOpen from "lucide-solid/icons/book-open";
import FileText from "lucide-solid/icons/file-text";
import Gauge from "lucide-solid/icons/gauge";
import Handshake from "lucide-solid/icons/handshake";
import House from "lucide-solid/icons/house";
import Landmark from "lucide-solid/icons/landmark";
import ListChecks from "lucide-solid/icons/list-checks";
import MailWarning from "lucide-solid/icons/mail-warning";
import Megaphone from "lucide-solid/icons/megaphone";
import MessagesSquare from "lucide-solid/icons/messages-square";
import Repeat from "lucide-solid/icons/repeat";
import Scale from "lucide-solid/icons/scale";
import ScrollText from "lucide-solid/icons/scroll-text";
import Search from "lucide-solid/icons/search";
import Store from "lucide-solid/icons/store";
import Undo2 from "lucide-solid/icons/undo-2";
import UserCheck from "lucide-solid/icons/user-check";
import Users from "lucide-solid/icons/users";
import type { NavEntry } from "./entry.ts";

export default [
  { href: "/admin", label: "nav.home", icon: House, primary: true },
  { href: "/admin/search", label: "nav.search", icon: Search },
  { href: "/admin/users", label: "nav.users", icon: Users, primary: true },
  { href: "/cva/kyc", label: "nav.kyc", icon: UserCheck },
  { href: "/admin/payments", label: "nav.payments", tab: "tab.money", icon: Landmark, primary: true },
  { href: "/admin/disputes", label: "nav.disputes", icon: MessagesSquare },
  { href: "/admin/self-dealing", label: "nav.selfDealing", icon: Repeat },
  { href: "/admin/collusion", label: "nav.collusion", icon: Handshake },
  { href: "/admin/shortfalls", label: "nav.shortfalls", icon: Undo2 },
  { href: "/admin/reports", label: "nav.reports", icon: FileText },
  { href: "/admin/rules", label: "nav.rules", icon: Scale },
  { href: "/admin/factors", label: "nav.factors", icon: Gauge },
  { href: "/admin/messages", label: "nav.messages", icon: MailWarning },
  { href: "/admin/jobs", label: "nav.jobs", icon: ListChecks },
  { href: "/admin/venue", label: "nav.venue", icon: Megaphone },
  { href: "/admin/log", label: "nav.log", icon: ScrollText },
  { href: "/marketplace", label: "nav.marketplace", icon: Store },
  { href: "/registry", label: "nav.registry", icon: BookOpen },
] satisfies NavEntry[];
