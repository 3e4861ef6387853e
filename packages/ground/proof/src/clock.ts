/** The clock of whoever runs a check: this package has no kernel to ask. */
export const machineNow = (): Date => new Date();
