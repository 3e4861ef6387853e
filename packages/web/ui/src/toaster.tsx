import { Toaster as Sonner, toast } from "solid-sonner";
import { useUi } from "./settings.tsx";

export { toast };

/** Where short confirmations appear. Mounted once, by the frame. On a phone it stands above the bottom bar. */
export const Toaster = (props: { theme: "light" | "dark" | "system" }) => {
  const ui = useUi();
  return (
    <Sonner
      theme={props.theme}
      position="bottom-right"
      offset={{ bottom: 20, right: 20 }}
      mobileOffset={{ bottom: 76, left: 12, right: 12 }}
      containerAriaLabel={ui.text().notifications}
      toastOptions={{ closeButtonAriaLabel: ui.text().close }}
      closeButton
    />
  );
};
