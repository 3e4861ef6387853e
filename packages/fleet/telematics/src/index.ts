export { stopConnection } from "./connections.ts";
export { type CarProvider, CarProviderError, type TelematicsPorts } from "./ports.ts";
export { connectionsOfVehicles } from "./queries/connections.ts";
export { tokensOfVehicles } from "./queries/push-tokens.ts";
export { handOverPorts } from "./selling.ts";
export { smartcarProvider } from "./smartcar.ts";
