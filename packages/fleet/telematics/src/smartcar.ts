/// <reference path="./smartcar.d.ts" />

import { isPlace } from "@evx/kernel";
import smartcar from "smartcar";
import { type CarGrant, type CarProvider, CarProviderError } from "./ports.ts";

const scope = ["required:read_odometer", "required:read_vin", "read_battery", "read_location"];

type SmartcarFault = { statusCode?: number; type?: string; retryAfter?: string; message?: string };

/** What the SDK throws, as what we do about it: consent withdrawn or token dead → connect again; all else → later. */
const asProviderError = (error: unknown): CarProviderError => {
  if (error instanceof CarProviderError) return error;
  const { statusCode, type = "", retryAfter, message = "" } = (error ?? {}) as SmartcarFault;
  const gone =
    statusCode === 401 ||
    statusCode === 403 ||
    /AUTHENTICATION|PERMISSION|invalid_grant|CONNECTED_SERVICES_ACCOUNT/i.test(type);
  const seconds = Number(retryAfter);
  return new CarProviderError(
    gone ? "reconnect" : "later",
    `Smartcar: ${message.slice(0, 200) || "no answer"}`,
    Number.isFinite(seconds) && seconds > 0 ? seconds : null,
    { cause: error },
  );
};

const spoken = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw asProviderError(error);
  }
};

/**
 * Cars through Smartcar, by its official SDK. It speaks to SMARTCAR_API_ORIGIN and SMARTCAR_AUTH_ORIGIN where those
 * are set in the environment, as a local stand-in is.
 */
export const smartcarProvider = (settings: {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  mode: "live" | "test" | "simulated";
}): CarProvider => {
  const auth = new smartcar.AuthClient(settings);
  const grantOf = (access: Awaited<ReturnType<typeof auth.exchangeCode>>): CarGrant => ({
    accessToken: access.accessToken,
    refreshToken: access.refreshToken,
    expiresAt: access.expiration.toISOString(),
  });
  const car = (grant: CarGrant, id: string) =>
    new smartcar.Vehicle(id, grant.accessToken, { unitSystem: "metric" });
  return {
    name: "smartcar",
    consentUrl: (state, vin) => auth.getAuthUrl(scope, { state, singleSelect: { vin } }),
    exchange: (code) => spoken(async () => grantOf(await auth.exchangeCode(code))),
    refresh: (grant) => spoken(async () => grantOf(await auth.exchangeRefreshToken(grant.refreshToken))),
    cars: (grant) =>
      spoken(async () => {
        const { vehicles } = await smartcar.getVehicles(grant.accessToken);
        return Promise.all(vehicles.map(async (id) => ({ id, vin: (await car(grant, id).vin()).vin })));
      }),
    read: (grant, id) =>
      spoken(async () => {
        const told = await car(grant, id).batch(["/odometer", "/battery", "/location"]);
        if (!told.odometer)
          throw new CarProviderError("later", "Smartcar: the car did not tell its odometer");
        const { distance, meta } = told.odometer();
        // What the car does not tell throws when it is asked for; only the odometer is needed.
        const battery = optional(told.battery);
        const place = optional(told.location);
        const position = place && {
          lat_e6: Math.round(place.latitude * 1e6),
          lon_e6: Math.round(place.longitude * 1e6),
        };
        const percent = battery?.percentRemaining;
        return {
          at: meta.dataAge ?? meta.fetchedAt ?? new Date(Number.NaN),
          odometer_m: Math.round(distance * 1000),
          charge_bp: typeof percent === "number" ? Math.round(percent * 10_000) : null,
          position: position && isPlace(position.lat_e6, position.lon_e6) ? position : null,
        };
      }),
    disconnect: (grant, id) => spoken(async () => void (await car(grant, id).disconnect())),
  };
};

const optional = <T>(read: (() => T) | undefined): T | null => {
  try {
    return read?.() ?? null;
  } catch {
    return null;
  }
};
