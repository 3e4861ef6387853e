import { createSignal } from "solid-js";

const query = matchMedia("(width >= 64rem)");
const [wide, setWide] = createSignal(query.matches);
query.addEventListener("change", () => setWide(query.matches));

/** Whether there is room for the sidebar. Decides what is drawn, so that nothing that lives (a stream) is there twice. */
export const isWide = wide;
