import { createResource } from "solid-js";
import { useSession } from "../lib/session.ts";
import type { NavEntry } from "./entry.ts";
import visitor from "./visitor.ts";

const byRole = {
  ev_owner: () => import("./ev_owner.ts"),
  buyer: () => import("./buyer.ts"),
  cva: () => import("./cva.ts"),
  admin: () => import("./admin.ts"),
};

/** The places of whoever is here. A visitor's are there at once; a role's are a small chunk of their own. */
export const useNav = () => {
  const { framedFor, framed } = useSession();
  const [own] = createResource(
    framedFor,
    async (name): Promise<NavEntry[]> => (await byRole[name]()).default,
  );
  return (): NavEntry[] => (framed() ? (own.state === "ready" ? own() : []) : visitor);
};

/** Whether an entry is where the reader is; of two that match, the longer address is. */
export const currentEntry = (entries: readonly NavEntry[], path: string): NavEntry | undefined =>
  entries
    .filter(({ href, also = [] }) => [href, ...also].some((at) => path === at || path.startsWith(`${at}/`)))
    .sort((a, b) => b.href.length - a.href.length)[0];
