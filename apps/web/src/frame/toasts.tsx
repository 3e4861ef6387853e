import { Toaster, toast } from "@evx/ui";
import { render } from "solid-js/web";
import { currentTheme } from "../lib/theme.ts";
import { Words } from "./words.tsx";

const place = document.createElement("div");
document.body.append(place);
render(
  () => (
    <Words>
      <Toaster theme={currentTheme()} />
    </Words>
  ),
  place,
);

export { toast };
