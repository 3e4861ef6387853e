export { stopConnection } from "./connections.ts";
export { type CarProvider, CarProviderError, type TelematicsPorts } from "./ports.ts";
export { handOverPorts } from "./selling.ts";
export { smartcarProvider } from "./smartcar.ts";
