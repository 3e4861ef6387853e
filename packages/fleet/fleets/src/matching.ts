import { isVin, vehicleKey } from "@evx/formats";
import type { Id } from "@evx/kernel";
import { plateKey } from "./policy.ts";

/** A car of the fleet by all that a file may call it. */
export type NamedCar = {
  id: Id<"vehicle">;
  vin: string;
  plate: string | null;
  label: string | null;
  make: string;
  model: string;
};

/**
 * Tells a fleet's cars by what files call them: VIN, number plate, the owner's name for the car; by make and model where
 * only one car has them. A name that two cars share names neither.
 */
export class CarMatcher {
  readonly #byName = new Map<string, Id<"vehicle"> | null>();

  constructor(cars: readonly NamedCar[]) {
    for (const car of cars) {
      const names = new Set([
        vehicleKey(car.vin),
        ...(car.plate ? [vehicleKey(car.plate), plateKey(car.plate)] : []),
        ...(car.label ? [vehicleKey(car.label)] : []),
        vehicleKey(`${car.make} ${car.model}`),
      ]);
      for (const name of names) this.#name(name, car.id);
    }
  }

  #name(name: string, id: Id<"vehicle">): void {
    if (name === "") return;
    const held = this.#byName.get(name);
    this.#byName.set(name, held === undefined || held === id ? id : null);
  }

  /**
   * The one car that a row's cells name; null where they name none, two different ones, or a VIN that is no car of the
   * fleet's beside a name that is.
   */
  carOf(cells: readonly string[]): Id<"vehicle"> | null {
    let found: Id<"vehicle"> | null = null;
    for (const cell of cells) {
      if (cell.trim() === "") continue;
      const key = vehicleKey(cell);
      const id = this.#byName.get(key) ?? this.#byName.get(plateKey(cell)) ?? null;
      if (id === null && isVin(key)) return null;
      if (id === null) continue;
      if (found !== null && found !== id) return null;
      found = id;
    }
    return found;
  }
}
