/** What kind of vehicle the bounds are for. Quadricycles and motorbikes use 3-15 kWh/100 km, which is no fault. */
export const vehicleClasses = ["car", "van", "quadricycle", "motorcycle"] as const;

export type VehicleClass = (typeof vehicleClasses)[number];
