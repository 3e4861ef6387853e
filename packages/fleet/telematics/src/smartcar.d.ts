declare module "smartcar" {
  type Access = { accessToken: string; refreshToken: string; expiration: Date; refreshExpiration: Date };
  type Meta = { dataAge?: Date; fetchedAt?: Date; requestId?: string };
  type Batch = {
    odometer?: () => { distance: number; meta: Meta };
    battery?: () => { percentRemaining: number | null; meta: Meta };
    location?: () => { latitude: number; longitude: number; meta: Meta };
  };

  const smartcar: {
    AuthClient: new (options: {
      clientId: string;
      clientSecret: string;
      redirectUri: string;
      mode: "live" | "test" | "simulated";
    }) => {
      getAuthUrl(
        scope: readonly string[],
        options: { state: string; singleSelect?: { vin: string } },
      ): string;
      exchangeCode(code: string): Promise<Access>;
      exchangeRefreshToken(token: string): Promise<Access>;
    };
    Vehicle: new (
      id: string,
      token: string,
      options: { unitSystem: "metric" },
    ) => {
      vin(): Promise<{ vin: string }>;
      batch(paths: readonly string[]): Promise<Batch>;
      disconnect(): Promise<unknown>;
    };
    getVehicles(accessToken: string): Promise<{ vehicles: string[] }>;
  };
  export default smartcar;
}
