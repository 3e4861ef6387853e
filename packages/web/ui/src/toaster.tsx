import { createSignal, onCleanup } from "solid-js";
import { Toaster as Sonner, toast } from "solid-sonner";
import { useUi } from "./settings.tsx";

export { toast };

/** As wide as solid-sonner takes for a phone. */
const phone = "(max-width: 600px)";

const createPhone = (): (() => boolean) => {
  const media = matchMedia(phone);
  const [narrow, setNarrow] = createSignal(media.matches);
  const look = () => setNarrow(media.matches);
  media.addEventListener("change", look);
  onCleanup(() => media.removeEventListener("change", look));
  return narrow;
};

/**
 * Where short confirmations appear. Mounted once, by the frame. On a phone they stand under the header: at the foot they
 * lay over the button that is pressed next, and took its press.
 */
export const Toaster = (props: { theme: "light" | "dark" | "system" }) => {
  const ui = useUi();
  const narrow = createPhone();
  return (
    <Sonner
      theme={props.theme}
      position={narrow() ? "top-center" : "bottom-right"}
      offset={{ bottom: 20, right: 20 }}
      mobileOffset={{ top: 70, left: 12, right: 12 }}
      containerAriaLabel={ui.text().notifications}
      toastOptions={{ closeButtonAriaLabel: ui.text().close }}
      closeButton
    />
  );
};
