import { CarProviderError, type TelematicsPorts, type Vault } from "./ports.ts";

/** Turns texts about and binds them to what they are about, as the real vault does by encrypting. */
export const testVault: Vault = {
  sealText: async (text, about) => btoa(JSON.stringify([about, text])),
  openText: async (sealed, about) => {
    const [bound, text] = JSON.parse(atob(sealed)) as [string, string];
    if (bound !== about) throw new Error("sealed for another");
    return text;
  },
};

/** A provider that knows no car, for tests that only ask who may call. */
export const testCars = (): NonNullable<TelematicsPorts["cars"]> => {
  const silent = async (): Promise<never> => {
    throw new CarProviderError("later", "no car here");
  };
  return {
    vault: testVault,
    provider: {
      name: "smartcar",
      consentUrl: (state) => `https://cars.test/consent?state=${encodeURIComponent(state)}`,
      exchange: silent,
      refresh: silent,
      cars: silent,
      read: silent,
      disconnect: silent,
    },
  };
};
