type Options = { description?: string };

// The toaster is loaded with the first message; most visits never need it.
const toaster = () => import("../frame/toasts.tsx");

/** Short confirmations in the corner: "25 kg listed". Never the only place where an error is said. */
export const notify = {
  success: async (text: string, options?: Options) => (await toaster()).toast.success(text, options),
  info: async (text: string, options?: Options) => (await toaster()).toast.info(text, options),
  warning: async (text: string, options?: Options) => (await toaster()).toast.warning(text, options),
};
