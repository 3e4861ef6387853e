import type { JSX } from "solid-js";
import type frame from "../i18n/en/frame.ts";

export type NavEntry = {
  href: string;
  /** Other addresses that belong to this place. */
  also?: readonly string[];
  /** Key of its words in i18n/{en,vi}/frame.ts. */
  label: keyof typeof frame & `nav.${string}`;
  /** The same in a word short enough for a phone's bottom bar. */
  tab?: keyof typeof frame & `tab.${string}`;
  icon: (props: { size?: number; "aria-hidden"?: "true" }) => JSX.Element;
  /** One of the at most four in a phone's bottom bar; the rest stand under "More". */
  primary?: boolean;
};
