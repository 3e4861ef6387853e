// The parts of Babel that testing.ts uses; these packages ship no types of their own.
declare module "@babel/core" {
  export function transformAsync(code: string, options: object): Promise<{ code?: string | null } | null>;
}
declare module "@babel/preset-typescript" {
  const preset: object;
  export default preset;
}
declare module "babel-preset-solid" {
  const preset: object;
  export default preset;
}
