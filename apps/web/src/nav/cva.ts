import BadgeCheck from "lucide-solid/icons/badge-check";
import BookOpen from "lucide-solid/icons/book-open";
import FileText from "lucide-solid/icons/file-text";
import Inbox from "lucide-solid/icons/inbox";
import Store from "lucide-solid/icons/store";
import UserCheck from "lucide-solid/icons/user-check";
import type { NavEntry } from "./entry.ts";

export default [
  { href: "/cva", label: "nav.queue", tab: "tab.queue", icon: Inbox, primary: true },
  { href: "/cva/certificates", label: "nav.certificates", icon: BadgeCheck, primary: true },
  { href: "/cva/kyc", label: "nav.kyc", tab: "tab.kyc", icon: UserCheck, primary: true },
  { href: "/cva/reports", label: "nav.reports", icon: FileText },
  { href: "/marketplace", label: "nav.marketplace", icon: Store },
  { href: "/registry", label: "nav.registry", icon: BookOpen },
] satisfies NavEntry[];
