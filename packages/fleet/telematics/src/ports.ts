/** What a provider lets us read for a while, and how to get it again. */
export type CarGrant = { accessToken: string; refreshToken: string; expiresAt: string };

/** What a car said of itself. Charge in hundredths of a percent. */
export type CarReading = {
  at: Date;
  odometer_m: number;
  charge_bp: number | null;
  position: { lat_e6: number; lon_e6: number } | null;
};

/** Why a provider did not answer: the owner must allow it again, or it is worth trying later. */
export class CarProviderError extends Error {
  override readonly name = "CarProviderError";

  constructor(
    readonly kind: "reconnect" | "later",
    message: string,
    readonly retryAfterSeconds: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A service through which a car tells its odometer. Every call goes over the network: never inside a transaction. */
export type CarProvider = {
  readonly name: "smartcar";
  /** Where the owner allows the connection; `state` comes back with the code. */
  consentUrl(state: string, vin: string): string;
  exchange(code: string): Promise<CarGrant>;
  refresh(grant: CarGrant): Promise<CarGrant>;
  /** The cars that the owner allowed, each with its VIN. */
  cars(grant: CarGrant): Promise<{ id: string; vin: string }[]>;
  read(grant: CarGrant, carId: string): Promise<CarReading>;
  /** Takes the permission back at the provider's. */
  disconnect(grant: CarGrant, carId: string): Promise<void>;
};

/** Keeps texts unreadable at rest; `about` binds a text to its row. */
export type Vault = {
  sealText(text: string, about: string): Promise<string>;
  openText(sealed: string, about: string): Promise<string>;
};

/** What this room needs from outside. Without credentials there are no connections, and pages say so. */
export type TelematicsPorts = {
  readonly cars: { readonly provider: CarProvider; readonly vault: Vault } | null;
};
