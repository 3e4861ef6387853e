declare module "@tgwf/co2" {
  export const averageIntensity: { data: Record<string, number>; type: string };
  export const electricityMaps: Record<string, unknown>;
}
